"""What the directory's pages read: every query goes through `visible`, and asks once for a whole page of rows."""
