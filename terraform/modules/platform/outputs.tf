output "hosts" { value = local.hosts }
output "cluster" { value = module.compute.cluster }
output "migrate_task" { value = module.compute.migrate_task }
output "subnets" { value = module.network.private_subnets }
output "security_group" { value = module.load_balancers.hub_security_group }
output "repository_url" { value = module.ci.repository_url }
output "push_role_arn" { value = module.ci.push_role_arn }
output "alarms_topic" { value = module.monitoring.topic_arn }
