"""Access, transactions, headers, errors, forms and formats; knows no feature."""
