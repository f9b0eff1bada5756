"""The import: files are dropped, looked at, asked about, planned and applied, each step a page of its own."""
