import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# The database itself refuses to change what was published, or that somebody agreed to it.
FORWARD = """
CREATE FUNCTION legal_document_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'legal documents and acceptances are append-only'
        USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE TRIGGER legal_document_append_only BEFORE UPDATE OR DELETE ON accounts_legaldocument
    FOR EACH ROW EXECUTE FUNCTION legal_document_refuse_change();
CREATE TRIGGER acceptance_append_only BEFORE UPDATE OR DELETE ON accounts_acceptance
    FOR EACH ROW EXECUTE FUNCTION legal_document_refuse_change();
"""

BACKWARD = """
DROP TRIGGER acceptance_append_only ON accounts_acceptance;
DROP TRIGGER legal_document_append_only ON accounts_legaldocument;
DROP FUNCTION legal_document_refuse_change();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0005_password_links'),
    ]

    operations = [
        migrations.CreateModel(
            name='LegalDocument',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('terms', 'Termos de uso'), ('privacy', 'Política de privacidade')], max_length=8, verbose_name='documento')),
                ('version', models.PositiveIntegerField(verbose_name='versão')),
                ('text', models.TextField(verbose_name='texto')),
                ('sha256', models.CharField(max_length=64)),
                ('published_at', models.DateTimeField(verbose_name='publicado em')),
                ('published_by', models.CharField(max_length=150)),
            ],
            options={
                'verbose_name': 'documento legal',
                'verbose_name_plural': 'documentos legais',
                'ordering': ('kind', '-version'),
                'constraints': [models.UniqueConstraint(fields=('kind', 'version'), name='legal_document_version')],
            },
        ),
        migrations.CreateModel(
            name='Acceptance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('accepted_at', models.DateTimeField(verbose_name='aceito em')),
                ('address', models.CharField(blank=True, max_length=45)),
                ('device', models.CharField(blank=True, max_length=200)),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='acceptances', to='accounts.legaldocument')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='acceptances', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'aceite',
                'constraints': [models.UniqueConstraint(fields=('user', 'document'), name='acceptance_once')],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
