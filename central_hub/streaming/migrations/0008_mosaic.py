import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cities', '0006_placement'),
        ('streaming', '0007_box_line'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Mosaic',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=100)),
                ('layout', models.CharField(max_length=3)),
                ('shared', models.BooleanField(default=False)),
                ('changed_at', models.DateTimeField(auto_now=True)),
                ('city', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mosaics', to='cities.city')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mosaics', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'mosaico',
            },
        ),
        migrations.CreateModel(
            name='MosaicCamera',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.PositiveSmallIntegerField()),
                ('camera', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cities.camera')),
                ('mosaic', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='places', to='streaming.mosaic')),
            ],
            options={
                'verbose_name': 'câmera do mosaico',
                'verbose_name_plural': 'câmeras do mosaico',
                'ordering': ('place',),
                'constraints': [
                    models.UniqueConstraint(fields=('mosaic', 'place'), name='mosaic_place'),
                    models.UniqueConstraint(fields=('mosaic', 'camera'), name='mosaic_camera_once'),
                ],
            },
        ),
    ]
