from django.db import migrations


class Migration(migrations.Migration):
    """What is known already was recorded by the box that has the camera: none was ever moved.

    Apart from the column's own migration: PostgreSQL makes no index on a table with pending triggers.
    """

    dependencies = [
        ("streaming", "0004_coverage_by_box"),
    ]

    operations = [
        migrations.RunSQL(
            "UPDATE streaming_coverage SET node_id = camera.node_id FROM cities_camera camera "
            "WHERE camera.id = streaming_coverage.camera_id",
            migrations.RunSQL.noop,
        ),
    ]
