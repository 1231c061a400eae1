"""A plate is new when it first passes, not when the hub first hears of it; and what a wrong clock said is kept."""

from typing import ClassVar

from django.contrib.postgres.indexes import BrinIndex
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("lpr", "0011_boxes_forget_and_webhooks_rest")]

    operations: ClassVar = [
        migrations.RemoveIndex("plate", "plate_by_first"),
        migrations.RenameField("plate", "first_stored_at", "first_captured_at"),
        migrations.AlterField("plate", "first_captured_at", models.DateTimeField()),
        migrations.RunSQL(
            """
            UPDATE lpr_plate SET first_captured_at = least(first_captured_at, earlier.at)
            FROM (SELECT city_id, plate, min(captured_at) AS at FROM lpr_plateread GROUP BY 1, 2) AS earlier
            WHERE lpr_plate.city_id = earlier.city_id AND lpr_plate.plate = earlier.plate
            """,
            migrations.RunSQL.noop,
        ),
        migrations.AddIndex(
            "plate",
            BrinIndex(
                fields=["first_captured_at"], name="plate_by_first", pages_per_range=32, autosummarize=True
            ),
        ),
        migrations.AddField("plateread", "camera_clock", models.CharField(max_length=40, null=True)),
    ]
