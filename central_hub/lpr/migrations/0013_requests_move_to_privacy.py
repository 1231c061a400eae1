"""The table of access requests goes over to the privacy app, whose first migration renames it."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('lpr', '0012_first_passage'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel(name='AccessRequest')]),
    ]
