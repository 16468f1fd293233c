"""支出进度: rates against the pace of the year, frozen snapshots, the age of money."""
