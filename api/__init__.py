"""The API: REST under /v1beta1, shaped as Kargo's, over what SQL knows."""
