"""What the LGPD asks of a prefeitura: requests of the people concerned, and reports of how data are used."""
