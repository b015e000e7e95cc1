"""What casts earn, claim and are paid: from the minutes that stand to the banks' file."""
