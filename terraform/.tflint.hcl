plugin "terraform" {
  enabled = true
  preset  = "recommended"
}
# Outputs and versions of our own modules are read where they are used.
rule "terraform_required_version" { enabled = false }
rule "terraform_required_providers" { enabled = false }
