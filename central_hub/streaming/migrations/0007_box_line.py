import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cities', '0006_placement'),
        ('streaming', '0006_live_session'),
    ]

    operations = [
        migrations.CreateModel(
            name='BoxLine',
            fields=[
                ('node', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='line', serialize=False, to='cities.edgenode')),
                ('limit_kbps', models.PositiveIntegerField()),
            ],
            options={
                'verbose_name': 'conexão da caixa',
                'verbose_name_plural': 'conexões das caixas',
            },
        ),
    ]
