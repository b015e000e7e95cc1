"""What casts earn, claim and are paid: from the minutes that stand to the banks' file.

Earning: `earned` (the query over talks and settlements), `earnings` (readings of it), `ledger` and
`yearly` (over months and years), `conditions*` (what casts were told beforehand).
Claiming: `claims` and `claim_lists` (by the cast), `closing` and `closing_watch` (by the month's end),
`gathering` (many casts in one statement), `payday` (the promised day).
Paying: `planning` (who would be paid, and who is `left_out`), on the `grounds` of accounts, tax and
tariff; `batches` (each step from making to paid), `approving` (what is looked at before one is
approved), `banks_file` and `file_layout` (its bytes), `returning` (what came back), `batch_lists`
(readings).
Settings: `remitters`, `fees` and `fee_rows`, `withholding`, `registrations`.
Telling: `statements`, `statement_file`, `statement_search`, `deductions`.
The books: `checks` and `batch_checks` name every difference, and mend none.
"""
