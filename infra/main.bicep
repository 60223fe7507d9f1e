targetScope = 'subscription'

metadata description = 'Everything that Advisor stands on, in one resource group. Sizes are in tiers/, names that code and cloud share in names.json.'

@description('Name of the azd environment; part of every name.')
@minLength(1)
@maxLength(32)
param environmentName string

@description('Region of everything but global resources.')
param location string

@description('Which file of tiers/ gives the sizes.')
@allowed(['dev', 'test', 'prod'])
param tier string = 'dev'

@description('Client id of the app registration in Entra ID that people and programs sign in to.')
@minLength(36)
@maxLength(36)
param signInClientId string

@description('Mailbox that alerts and the budget write to.')
@minLength(3)
param alertEmail string

@description('Whether the app was deployed before: then its image stays. azd gives this.')
param apiExists bool = false

@description('First day of the month of the first deployment, 2026-12-01. A budget\'s start cannot be changed, nor lie in an earlier month when it is made.')
@minLength(10)
@maxLength(10)
param budgetStart string

var names = loadJsonContent('names.json')
var host = loadJsonContent('../host.json')
var tiers = {
  dev: loadJsonContent('tiers/dev.json')
  test: loadJsonContent('tiers/test.json')
  prod: loadJsonContent('tiers/prod.json')
}
var size = tiers[tier]
var token = toLower(uniqueString(subscription().id, environmentName, location))
var tags = {
  'azd-env-name': environmentName
  application: 'advisor'
  tier: tier
}

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: 'rg-${environmentName}'
  location: location
  tags: tags
}

module identity 'modules/identity.bicep' = {
  scope: group
  params: {
    token: token
    location: location
    tags: tags
  }
}

module monitoring 'modules/monitoring.bicep' = {
  scope: group
  params: {
    token: token
    location: location
    tags: tags
    retentionDays: size.logs.retentionDays
    dailyQuotaGb: size.logs.dailyQuotaGb
    appPrincipalId: identity.outputs.appPrincipalId
  }
}

module network 'modules/network.bicep' = if (size.privateNetwork) {
  scope: group
  params: {
    token: token
    location: location
    tags: tags
  }
}

module storage 'modules/storage.bicep' = {
  scope: group
  params: {
    token: token
    location: location
    tags: tags
    sku: size.storage.sku
    containers: names.blobContainers
    auditTable: names.auditTable
    immutabilityDays: size.storage.immutabilityDays
    softDeleteDays: size.storage.softDeleteDays
    downloads: size.storage.downloads
    publicAccess: !size.privateNetwork
    appPrincipalId: identity.outputs.appPrincipalId
    workspaceId: monitoring.outputs.workspaceId
  }
}

module cosmos 'modules/cosmos.bicep' = {
  scope: group
  params: {
    token: token
    location: location
    tags: tags
    databaseName: names.database
    records: names.records
    autoscaleMaxThroughput: size.cosmos.autoscaleMaxThroughput
    containerMaxThroughput: size.cosmos.containerMaxThroughput
    continuousBackup: size.cosmos.continuousBackup
    zoneRedundant: size.zoneRedundant
    publicAccess: !size.privateNetwork
    appPrincipalId: identity.outputs.appPrincipalId
    workspaceId: monitoring.outputs.workspaceId
  }
}

module messaging 'modules/messaging.bicep' = {
  scope: group
  params: {
    token: token
    location: location
    tags: tags
    sku: size.serviceBus.sku
    capacity: size.serviceBus.capacity
    queues: names.queues
    publicAccess: !size.privateNetwork
    appPrincipalId: identity.outputs.appPrincipalId
    scalerPrincipalId: identity.outputs.scalerPrincipalId
    workspaceId: monitoring.outputs.workspaceId
  }
}

module intelligence 'modules/intelligence.bicep' = {
  scope: group
  params: {
    token: token
    location: location
    tags: tags
    documentIntelligenceSku: size.documentIntelligence.sku
    model: size.openAi.model
    modelVersion: size.openAi.version
    modelSku: size.openAi.sku
    modelCapacity: size.openAi.capacity
    publicAccess: !size.privateNetwork
    appPrincipalId: identity.outputs.appPrincipalId
    workspaceId: monitoring.outputs.workspaceId
  }
}

module vault 'modules/vault.bicep' = {
  scope: group
  params: {
    token: token
    location: location
    tags: tags
    purgeProtection: size.vault.purgeProtection
    publicAccess: !size.privateNetwork
    appPrincipalId: identity.outputs.appPrincipalId
    workspaceId: monitoring.outputs.workspaceId
  }
}

module scheduler 'modules/scheduler.bicep' = {
  scope: group
  params: {
    token: token
    location: location
    tags: tags
    sku: size.scheduler.sku
    capacity: size.scheduler.capacity
    taskHub: host.extensions.durableTask.hubName
    publicAccess: !size.privateNetwork
    appPrincipalId: identity.outputs.appPrincipalId
    scalerPrincipalId: identity.outputs.scalerPrincipalId
  }
}

module redis 'modules/redis.bicep' = if (size.redis.enabled) {
  scope: group
  params: {
    token: token
    location: location
    tags: tags
    sku: size.redis.sku
    highAvailability: size.redis.highAvailability
    publicAccess: !size.privateNetwork
    appPrincipalId: identity.outputs.appPrincipalId
    workspaceId: monitoring.outputs.workspaceId
  }
}

module registry 'modules/registry.bicep' = {
  scope: group
  params: {
    token: token
    location: location
    tags: tags
    sku: size.registry.sku
    appPrincipalId: identity.outputs.appPrincipalId
    workspaceId: monitoring.outputs.workspaceId
  }
}

module endpoints 'modules/private-endpoints.bicep' = if (size.privateNetwork) {
  scope: group
  params: {
    location: location
    tags: tags
    subnetId: network!.outputs.endpointSubnetId
    networkId: network!.outputs.networkId
    targets: concat(
      [
        { name: 'blobs', resourceId: storage.outputs.dataAccountId, groupId: 'blob', zone: 'privatelink.blob.${environment().suffixes.storage}' }
        { name: 'tables', resourceId: storage.outputs.dataAccountId, groupId: 'table', zone: 'privatelink.table.${environment().suffixes.storage}' }
        { name: 'jobs-blobs', resourceId: storage.outputs.jobsAccountId, groupId: 'blob', zone: 'privatelink.blob.${environment().suffixes.storage}' }
        { name: 'jobs-queues', resourceId: storage.outputs.jobsAccountId, groupId: 'queue', zone: 'privatelink.queue.${environment().suffixes.storage}' }
        { name: 'jobs-tables', resourceId: storage.outputs.jobsAccountId, groupId: 'table', zone: 'privatelink.table.${environment().suffixes.storage}' }
        { name: 'records', resourceId: cosmos.outputs.accountId, groupId: 'Sql', zone: 'privatelink.documents.azure.com' }
        { name: 'messages', resourceId: messaging.outputs.namespaceId, groupId: 'namespace', zone: 'privatelink.servicebus.windows.net' }
        { name: 'documents', resourceId: intelligence.outputs.documentIntelligenceId, groupId: 'account', zone: 'privatelink.cognitiveservices.azure.com' }
        { name: 'models', resourceId: intelligence.outputs.openAiId, groupId: 'account', zone: 'privatelink.openai.azure.com' }
        { name: 'vault', resourceId: vault.outputs.vaultId, groupId: 'vault', zone: 'privatelink.vaultcore.azure.net' }
        { name: 'scheduler', resourceId: scheduler.outputs.schedulerId, groupId: 'scheduler', zone: 'privatelink.durabletask.io' }
      ],
      size.redis.enabled
        ? [
            { name: 'cache', resourceId: redis!.outputs.cacheId, groupId: 'redisEnterprise', zone: 'privatelink.redis.azure.net' }
          ]
        : []
    )
  }
}

module app 'modules/app.bicep' = {
  scope: group
  params: {
    token: token
    location: location
    tags: tags
    exists: apiExists
    signInClientId: signInClientId
    cpu: size.app.cpu
    memory: size.app.memory
    minReplicas: size.app.minReplicas
    maxReplicas: size.app.maxReplicas
    zoneRedundant: size.zoneRedundant
    appSubnetId: size.privateNetwork ? network!.outputs.appSubnetId : ''
    appIdentityId: identity.outputs.appIdentityId
    appClientId: identity.outputs.appClientId
    scalerIdentityId: identity.outputs.scalerIdentityId
    registryServer: registry.outputs.loginServer
    queues: names.queues
    callsPerQueue: host.extensions.serviceBus.maxConcurrentCalls
    taskHub: host.extensions.durableTask.hubName
    activitiesPerReplica: host.extensions.durableTask.maxConcurrentActivityFunctions
    orchestratorsPerReplica: host.extensions.durableTask.maxConcurrentOrchestratorFunctions
    schedulerEndpoint: scheduler.outputs.endpoint
    schedulerSetting: host.extensions.durableTask.storageProvider.connectionStringName
    jobsAccountName: storage.outputs.jobsAccountName
    blobUri: storage.outputs.blobUri
    downloads: size.storage.downloads
    tableUri: storage.outputs.tableUri
    cosmosUri: cosmos.outputs.endpoint
    databaseName: names.database
    messagingNamespace: messaging.outputs.namespaceName
    messagingHost: messaging.outputs.hostName
    documentIntelligenceUri: intelligence.outputs.documentIntelligenceUri
    openAiUri: intelligence.outputs.openAiUri
    deploymentName: intelligence.outputs.deploymentName
    vaultUri: vault.outputs.vaultUri
    redisHost: size.redis.enabled ? redis!.outputs.hostName : ''
    applicationInsightsName: monitoring.outputs.applicationInsightsName
    workspaceId: monitoring.outputs.workspaceId
  }
  dependsOn: [endpoints]
}

module alerts 'modules/alerts.bicep' = {
  scope: group
  params: {
    token: token
    location: location
    tags: tags
    email: alertEmail
    applicationInsightsId: monitoring.outputs.applicationInsightsId
    messagingNamespaceId: messaging.outputs.namespaceId
  }
}

module budget 'modules/budget.bicep' = {
  scope: group
  params: {
    token: token
    email: alertEmail
    amount: size.budgetPerMonth
    startDate: budgetStart
  }
}

output AZURE_LOCATION string = location
output AZURE_RESOURCE_GROUP string = group.name
output AZURE_CONTAINER_REGISTRY_ENDPOINT string = registry.outputs.loginServer
output AZURE_KEY_VAULT_NAME string = vault.outputs.vaultName
output SERVICE_API_NAME string = app.outputs.appName
output SERVICE_API_URI string = app.outputs.uri
