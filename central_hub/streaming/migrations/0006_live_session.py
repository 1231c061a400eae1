import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cities', '0006_placement'),
        ('streaming', '0005_coverage_of_present_boxes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='LiveSession',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('quality', models.CharField(choices=[('main', 'inteira'), ('sub', 'menor')], max_length=4)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('expires_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(null=True)),
                ('command_id', models.UUIDField(null=True, unique=True)),
                ('refusal', models.CharField(blank=True, max_length=500)),
                ('camera', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='live_sessions', to='cities.camera')),
                ('city', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='live_sessions', to='cities.city')),
                ('node', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cities.edgenode')),
                ('requester', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='live_sessions', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'sessão ao vivo',
                'verbose_name_plural': 'sessões ao vivo',
                'indexes': [models.Index(condition=models.Q(('closed_at__isnull', True)), fields=['node'], name='live_session_open')],
            },
        ),
    ]
