"""The pages of docs that are made from code: `make docs` writes them."""
