"""Access requests become requests of every kind, with states and steps; their table comes over from lpr."""

import django.db.models.deletion
from django.db import migrations, models

RENAMED = "ALTER TABLE lpr_accessrequest RENAME TO privacy_subjectrequest"
RENAMED_BACK = "ALTER TABLE privacy_subjectrequest RENAME TO lpr_accessrequest"

STATES = "UPDATE privacy_subjectrequest SET state = 'fulfilled' WHERE closed_at IS NOT NULL"

KINDS = [
    ('access', 'Confirmação e acesso (art. 18, I e II)'),
    ('correction', 'Correção (art. 18, III)'),
    ('erasure', 'Anonimização, bloqueio ou eliminação (art. 18, IV e VI)'),
    ('sharing', 'Informação sobre compartilhamento (art. 18, VII)'),
]
BASES = [
    ('identity', 'Identidade ou titularidade não comprovada (art. 18, § 3º)'),
    ('no-data', 'Não há dados pessoais do titular'),
    ('other-agent', 'Não é agente de tratamento destes dados (art. 18, § 4º, I)'),
    ('legal-duty', 'Obrigação legal ou regulatória de conservar (art. 16, I)'),
    ('legal-hold', 'Guarda judicial ou exercício de direitos em processo (art. 7º, VI)'),
    ('public-security', 'Segurança pública e investigação (art. 4º, III)'),
    ('impossible', 'Razões de fato que impedem a providência (art. 18, § 4º, II)'),
]
NAMES = ('opened', 'analysis', 'report', 'erased', 'fulfilled', 'refused', 'overdue')
STATE_NAMES = [
    ('received', 'recebido'), ('analysis', 'em análise'), ('fulfilled', 'atendido'), ('refused', 'recusado'),
]


class Migration(migrations.Migration):

    dependencies = [
        ('cities', '0006_placement'),
        ('lpr', '0013_requests_move_to_privacy'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(RENAMED, RENAMED_BACK)],
            state_operations=[
                migrations.CreateModel(
                    name='SubjectRequest',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('plate', models.CharField(blank=True, db_collation='C', max_length=16, verbose_name='placa')),
                        ('plate_digest', models.CharField(max_length=64)),
                        ('requester', models.CharField(max_length=200, verbose_name='titular')),
                        ('reference', models.CharField(max_length=200, verbose_name='protocolo')),
                        ('received_on', models.DateField(verbose_name='recebido em')),
                        ('due_on', models.DateField(verbose_name='prazo')),
                        ('created_by', models.CharField(max_length=150)),
                        ('created_at', models.DateTimeField(auto_now_add=True)),
                        ('report_sha256', models.CharField(blank=True, max_length=64)),
                        ('answered_by', models.CharField(blank=True, max_length=150)),
                        ('answered_at', models.DateTimeField(null=True)),
                        ('city', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cities.city')),
                    ],
                    options={
                        'verbose_name': 'pedido de titular',
                        'verbose_name_plural': 'pedidos de titulares',
                        'ordering': ('due_on', 'id'),
                    },
                ),
            ],
        ),
        migrations.RenameField('SubjectRequest', 'answered_by', 'closed_by'),
        migrations.RenameField('SubjectRequest', 'answered_at', 'closed_at'),
        migrations.AlterField('SubjectRequest', 'plate_digest', models.CharField(blank=True, max_length=64)),
        migrations.AddField('SubjectRequest', 'kind', models.CharField(choices=KINDS, default='access', max_length=16, verbose_name='tipo')),
        migrations.AddField('SubjectRequest', 'state', models.CharField(choices=STATE_NAMES, default='received', max_length=16, verbose_name='estado')),
        migrations.AddField('SubjectRequest', 'description', models.TextField(blank=True, default='', verbose_name='pedido'), preserve_default=False),
        migrations.AddField('SubjectRequest', 'erased_at', models.DateTimeField(null=True)),
        migrations.AddField('SubjectRequest', 'refusal_basis', models.CharField(blank=True, choices=BASES, default='', max_length=32), preserve_default=False),
        migrations.AddField('SubjectRequest', 'answer', models.TextField(blank=True, default='', verbose_name='resposta'), preserve_default=False),
        migrations.AddField('SubjectRequest', 'overdue_at', models.DateTimeField(null=True)),
        migrations.AddField('SubjectRequest', 'told_at', models.DateTimeField(null=True)),
        migrations.AddIndex('SubjectRequest', models.Index(fields=['city', 'due_on', 'id'], name='subject_request_by_deadline')),
        migrations.AddIndex('SubjectRequest', models.Index(fields=['city', 'plate_digest'], name='subject_request_by_plate')),
        migrations.CreateModel(
            name='RequestStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('by', models.CharField(max_length=150)),
                ('step', models.CharField(choices=[(name, name) for name in NAMES], max_length=16)),
                ('details', models.JSONField(default=dict)),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='privacy.subjectrequest')),
            ],
            options={'verbose_name': 'andamento', 'ordering': ('id',)},
        ),
        migrations.RunSQL(STATES, migrations.RunSQL.noop),
    ]
