"""Plate reads by month, and the dictionary of plates in which patterns are searched.

The present table's rows are kept: it is renamed, its rows are copied into the months that
they belong to, and then it is dropped. All in one transaction: an interruption changes nothing.
"""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

COLUMNS = """
    id, seq, edge_id, plate, confidence, captured_at, received_at, stored_at, vendor, direction, lane,
    speed_kmh, vehicle_type, vehicle_color, image_sha256, image_size_bytes, image_requested_at,
    image_stored_at, camera_id, city_id, node_id
"""

SET_ASIDE = """
    ALTER TABLE lpr_plateread RENAME TO lpr_plateread_whole;
    ALTER TABLE lpr_plateread_whole ALTER id DROP IDENTITY;
    ALTER TABLE lpr_plateread_whole DROP CONSTRAINT lpr_plateread_pkey, DROP CONSTRAINT plate_read_once;
    DROP INDEX plate_read_newest, plate_read_newest_all, plate_read_by_plate, plate_read_image_due;
"""

# PostgreSQL has identity columns in partitioned tables from version 17 on; a sequence serves all.
PARTITIONED = """
    CREATE SEQUENCE lpr_plateread_id_seq AS bigint;
    CREATE TABLE lpr_plateread (
        id bigint NOT NULL DEFAULT nextval('lpr_plateread_id_seq'),
        city_id bigint NOT NULL,
        node_id uuid NOT NULL,
        seq bigint NOT NULL,
        camera_id uuid NOT NULL,
        captured_at timestamptz NOT NULL,
        received_at timestamptz NOT NULL,
        stored_at timestamptz NOT NULL,
        confidence double precision,
        speed_kmh double precision,
        image_size_bytes integer CHECK (image_size_bytes >= 0),
        lane smallint,
        edge_id varchar(64) NOT NULL,
        plate varchar(16) COLLATE "C" NOT NULL,
        vendor varchar(32) NOT NULL,
        direction varchar(32),
        vehicle_type varchar(32),
        vehicle_color varchar(32),
        image_sha256 varchar(64) NOT NULL,
        image_requested_at timestamptz,
        image_stored_at timestamptz,
        CONSTRAINT plate_read_pk PRIMARY KEY (captured_at, id, city_id),
        CONSTRAINT plate_read_once UNIQUE (node_id, seq, captured_at, city_id)
    ) PARTITION BY RANGE (captured_at);
    ALTER SEQUENCE lpr_plateread_id_seq OWNED BY lpr_plateread.id;
    CREATE INDEX plate_read_by_city ON lpr_plateread (city_id, captured_at, id);
    CREATE INDEX plate_read_by_plate ON lpr_plateread (plate, captured_at, id);
    CREATE INDEX plate_read_by_camera ON lpr_plateread (camera_id, captured_at, id);
    CREATE INDEX plate_read_image_due ON lpr_plateread (node_id, edge_id)
        WHERE image_stored_at IS NULL AND NOT image_sha256 = '';
"""

# The tokens of lpr/matching.py: a character and its place from the start or the end; neighbours.
TOKENS = """
    CREATE FUNCTION plate_tokens(folded text) RETURNS text[]
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 1000 AS $$
        SELECT array_agg(token) FROM (
            SELECT '^' || n || substr(folded, n, 1) AS token FROM generate_series(1, length(folded)) AS n
            UNION ALL
            SELECT '$' || n || substr(reverse(folded), n, 1) FROM generate_series(1, length(folded)) AS n
            UNION ALL
            SELECT substr(folded, n, 2) FROM generate_series(1, length(folded) - 1) AS n
        ) AS tokens
    $$;
    CREATE INDEX plate_by_tokens ON lpr_plate USING gin (plate_tokens(folded));
"""


def fill(apps, schema_editor):
    from datetime import UTC, datetime

    from central_hub.lpr import partitions
    from central_hub.lpr.domain import Month, newest_month
    from protocol.plates import fold

    now = datetime.now(UTC)
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(captured_at) FROM lpr_plateread_whole WHERE captured_at > now() - interval '2 years'"
        )
        (oldest,) = cursor.fetchone()
        partitions.make_first(cursor, Month.of(min(oldest or now, now)))
        partitions.make_through(newest_month(now))
        cursor.execute(f"INSERT INTO lpr_plateread ({COLUMNS}) SELECT {COLUMNS} FROM lpr_plateread_whole")
        cursor.execute("SELECT setval('lpr_plateread_id_seq', greatest(max(id), 1)) FROM lpr_plateread")
        cursor.execute("SELECT city_id, plate, min(stored_at) FROM lpr_plateread GROUP BY 1, 2")
        plates = [(city, plate, fold(plate), first) for city, plate, first in cursor.fetchall()]
        cursor.executemany(
            "INSERT INTO lpr_plate (city_id, plate, folded, first_stored_at) VALUES (%s, %s, %s, %s)", plates
        )


class Migration(migrations.Migration):

    dependencies = [
        ('cities', '0002_cameras_from_boxes'),
        ('lpr', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='PlatePolicy',
            fields=[
                ('city', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='cities.city')),
                ('retention_days', models.PositiveSmallIntegerField(verbose_name='dias de guarda')),
                ('viewers_see_plates', models.BooleanField(default=True, verbose_name='visualizadores veem placas inteiras')),
            ],
            options={
                'verbose_name': 'política de placas',
                'verbose_name_plural': 'políticas de placas',
            },
        ),
        migrations.CreateModel(
            name='LegalHold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cities.city')),
                ('plate', models.CharField(db_collation='C', max_length=16, verbose_name='placa')),
                ('since', models.DateTimeField(verbose_name='de')),
                ('until', models.DateTimeField(null=True, verbose_name='até')),
                ('reference', models.CharField(max_length=200, verbose_name='processo')),
                ('placed_by', models.CharField(max_length=150)),
                ('placed_at', models.DateTimeField(auto_now_add=True)),
                ('released_by', models.CharField(blank=True, max_length=150)),
                ('released_at', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name': 'guarda judicial',
                'verbose_name_plural': 'guardas judiciais',
                'indexes': [models.Index(condition=Q(('released_at__isnull', True)), fields=['city', 'plate'], name='hold_in_force')],
            },
        ),
        migrations.CreateModel(
            name='Plate',
            fields=[
                ('pk', models.CompositePrimaryKey('city_id', 'plate', blank=True, editable=False, primary_key=True, serialize=False)),
                ('city', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cities.city')),
                ('plate', models.CharField(db_collation='C', max_length=16)),
                ('folded', models.CharField(db_collation='C', max_length=16)),
                ('first_stored_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'verbose_name': 'placa',
                'indexes': [models.Index(fields=['city', 'folded'], name='plate_by_folded')],
            },
        ),
        migrations.RunSQL(TOKENS, "DROP INDEX plate_by_tokens; DROP FUNCTION plate_tokens"),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(SET_ASIDE), migrations.RunSQL(PARTITIONED)],
            state_operations=[
                migrations.RemoveConstraint(model_name='plateread', name='plate_read_once'),
                migrations.RemoveIndex(model_name='plateread', name='plate_read_newest'),
                migrations.RemoveIndex(model_name='plateread', name='plate_read_newest_all'),
                migrations.RemoveIndex(model_name='plateread', name='plate_read_by_plate'),
                migrations.AlterField(
                    model_name='plateread',
                    name='camera',
                    field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cities.camera'),
                ),
                migrations.AlterField(
                    model_name='plateread',
                    name='city',
                    field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cities.city'),
                ),
                migrations.AlterField(
                    model_name='plateread',
                    name='node',
                    field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cities.edgenode'),
                ),
                migrations.AlterField(
                    model_name='plateread',
                    name='plate',
                    field=models.CharField(db_collation='C', max_length=16),
                ),
                migrations.AddIndex(
                    model_name='plateread',
                    index=models.Index(fields=['city', 'captured_at', 'id'], name='plate_read_by_city'),
                ),
                migrations.AddIndex(
                    model_name='plateread',
                    index=models.Index(fields=['plate', 'captured_at', 'id'], name='plate_read_by_plate'),
                ),
                migrations.AddIndex(
                    model_name='plateread',
                    index=models.Index(fields=['camera', 'captured_at', 'id'], name='plate_read_by_camera'),
                ),
                migrations.AddConstraint(
                    model_name='plateread',
                    constraint=models.UniqueConstraint(fields=('node', 'seq', 'captured_at', 'city'), name='plate_read_once'),
                ),
            ],
        ),
        migrations.RunPython(fill),
        migrations.RunSQL("DROP TABLE lpr_plateread_whole"),
    ]
