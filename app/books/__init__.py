"""The books of the operator: balances, sales and months, and every check of them."""
