metadata description = 'Durable Task Scheduler: the state of runs.'

param token string
param location string
param tags object

@allowed(['Consumption', 'Dedicated'])
param sku string

@description('Units of Dedicated; 0 for Consumption.')
param capacity int

param taskHub string
param publicAccess bool
param appPrincipalId string
param scalerPrincipalId string

// Durable Task Data Contributor
var contributor = '0ad04412-c4d5-4796-b79c-f76d14c8d402'

resource scheduler 'Microsoft.DurableTask/schedulers@2026-02-01' = {
  name: 'dts-advisor-${token}'
  location: location
  tags: tags
  properties: {
    // Every call needs the role below, from wherever it comes; without public access nothing comes from outside.
    ipAllowlist: publicAccess ? ['0.0.0.0/0'] : []
    publicNetworkAccess: publicAccess ? 'Enabled' : 'Disabled'
    sku: sku == 'Dedicated' ? { name: sku, capacity: capacity } : { name: sku }
  }
}

resource hub 'Microsoft.DurableTask/schedulers/taskHubs@2026-02-01' = {
  parent: scheduler
  name: taskHub
}

// The scaler counts waiting work; the service's role for reading alone does not let it.
resource roles 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for principal in [appPrincipalId, scalerPrincipalId]: {
    name: guid(hub.id, principal, contributor)
    scope: hub
    properties: {
      principalId: principal
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', contributor)
    }
  }
]

output schedulerId string = scheduler.id
output endpoint string = scheduler.properties.endpoint
