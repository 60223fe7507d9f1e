metadata description = 'The queues between the steps.'

param token string
param location string
param tags object

@description('Standard, or Premium where the network is private: only that has private endpoints.')
@allowed(['Standard', 'Premium'])
param sku string

@description('Messaging units of Premium; 0 for Standard.')
param capacity int

param queues string[]
param publicAccess bool
param appPrincipalId string
param scalerPrincipalId string
param workspaceId string

// Azure Service Bus Data Sender
var sender = '69a216fc-b8fb-44d8-bc22-1f3c2cd27a39'
// Azure Service Bus Data Receiver
var receiver = '4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0'
// Azure Service Bus Data Owner: reading a queue's length is managing it
var owner = '090c5cfd-751d-490a-894a-3ce6f1109419'

resource bus 'Microsoft.ServiceBus/namespaces@2026-01-01' = {
  name: 'sb-advisor-${token}'
  location: location
  tags: tags
  sku: sku == 'Premium' ? { name: 'Premium', tier: 'Premium', capacity: capacity } : { name: 'Standard', tier: 'Standard' }
  properties: {
    disableLocalAuth: true
    minimumTlsVersion: '1.2'
    publicNetworkAccess: publicAccess ? 'Enabled' : 'Disabled'
  }
}

// The rules of the embedded host's queues: a minute's lock, ten deliveries, ten minutes in which an id counts once.
resource queue 'Microsoft.ServiceBus/namespaces/queues@2026-01-01' = [
  for name in queues: {
    parent: bus
    name: name
    properties: {
      lockDuration: 'PT1M'
      maxDeliveryCount: 10
      requiresDuplicateDetection: true
      duplicateDetectionHistoryTimeWindow: 'PT10M'
      // Long enough for an outage over a holiday; what is older is set aside, not lost.
      defaultMessageTimeToLive: 'P14D'
      deadLetteringOnMessageExpiration: true
      maxSizeInMegabytes: 1024
    }
  }
]

resource appRoles 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in [sender, receiver]: {
    name: guid(bus.id, appPrincipalId, role)
    scope: bus
    properties: {
      principalId: appPrincipalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
    }
  }
]

resource scalerRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(bus.id, scalerPrincipalId, owner)
  scope: bus
  properties: {
    principalId: scalerPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', owner)
  }
}

resource log 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: bus
  properties: {
    workspaceId: workspaceId
    logs: [
      { category: 'OperationalLogs', enabled: true }
    ]
    metrics: [
      { category: 'AllMetrics', enabled: true }
    ]
  }
}

output namespaceId string = bus.id
output namespaceName string = bus.name
output hostName string = '${bus.name}.servicebus.windows.net'
