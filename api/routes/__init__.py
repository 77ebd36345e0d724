"""Routes, one module for each noun; operation ids are Kargo's where the operation is."""
