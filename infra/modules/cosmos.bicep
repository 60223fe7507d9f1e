metadata description = 'Records, one container for each kind, partitioned by tenant.'

@description('A container: what its lists are ordered by, whether nothing but its key is queried, after how many seconds the app lets documents expire, and whether it has request units of its own where the account is not serverless: a database shares its own among 25 containers at most.')
type recordContainer = {
  name: string
  orderedBy: string[]
  readById: bool
  timeToLive: int?
  dedicated: bool
}

param token string
param location string
param tags object
param databaseName string
param records recordContainer[]

@description('Most request units a second, shared by the containers that have none of their own; 0 makes the account serverless. Cannot be changed from one to the other later.')
param autoscaleMaxThroughput int

@description('Most request units a second of each container that has its own. From 1000 on, in thousands.')
param containerMaxThroughput int

param continuousBackup bool
param zoneRedundant bool
param publicAccess bool
param appPrincipalId string
param workspaceId string

// Cosmos DB Built-in Data Contributor, a role of the account itself
var dataContributor = '00000000-0000-0000-0000-000000000002'

resource account 'Microsoft.DocumentDB/databaseAccounts@2026-03-15' = {
  name: 'cosmos-advisor-${token}'
  location: location
  tags: tags
  kind: 'GlobalDocumentDB'
  properties: {
    databaseAccountOfferType: 'Standard'
    locations: [
      {
        locationName: location
        failoverPriority: 0
        isZoneRedundant: zoneRedundant
      }
    ]
    // A run goes from replica to replica; session consistency holds within one client, and the host refuses to start on it.
    consistencyPolicy: {
      defaultConsistencyLevel: 'Strong'
    }
    capabilities: autoscaleMaxThroughput == 0 ? [{ name: 'EnableServerless' }] : []
    backupPolicy: continuousBackup
      ? {
          type: 'Continuous'
          continuousModeProperties: {
            tier: 'Continuous30Days'
          }
        }
      : {
          type: 'Periodic'
          periodicModeProperties: {
            backupIntervalInMinutes: 240
            backupRetentionIntervalInHours: 8
            backupStorageRedundancy: 'Local'
          }
        }
    disableLocalAuth: true
    disableKeyBasedMetadataWriteAccess: true
    minimalTlsVersion: 'Tls12'
    publicNetworkAccess: publicAccess ? 'Enabled' : 'Disabled'
  }
}

resource database 'Microsoft.DocumentDB/databaseAccounts/sqlDatabases@2026-03-15' = {
  parent: account
  name: databaseName
  properties: {
    resource: {
      id: databaseName
    }
    options: autoscaleMaxThroughput == 0
      ? {}
      : {
          autoscaleSettings: {
            maxThroughput: autoscaleMaxThroughput
          }
        }
  }
}

// One container after the other: made all at once, some are refused for too many changes.
@batchSize(1)
resource container 'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers@2026-03-15' = [
  for record in records: {
    parent: database
    name: record.name
    properties: {
      resource: {
        id: record.name
        partitionKey: {
          kind: 'Hash'
          version: 2
          paths: ['/tenant']
        }
        // On without a time of its own: a document lives as long as its own ttl says, without one for ever.
        defaultTtl: -1
        indexingPolicy: {
          indexingMode: 'consistent'
          automatic: true
          includedPaths: record.readById ? [{ path: '/record_id/?' }, { path: '/tenant/?' }] : [{ path: '/*' }]
          excludedPaths: record.readById ? [{ path: '/*' }] : [{ path: '/exact_record/?' }, { path: '/"_etag"/?' }]
          // Read backwards, the same index gives the other direction.
          compositeIndexes: map(record.orderedBy, property => [
            { path: '/${property}', order: 'ascending' }
            { path: '/record_id', order: 'ascending' }
          ])
        }
      }
      options: autoscaleMaxThroughput > 0 && record.dedicated
        ? {
            autoscaleSettings: {
              maxThroughput: containerMaxThroughput
            }
          }
        : {}
    }
  }
]

resource role 'Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments@2026-03-15' = {
  parent: account
  name: guid(account.id, databaseName, appPrincipalId, dataContributor)
  properties: {
    principalId: appPrincipalId
    roleDefinitionId: '${account.id}/sqlRoleDefinitions/${dataContributor}'
    scope: '${account.id}/dbs/${database.name}'
  }
}

resource log 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: account
  properties: {
    workspaceId: workspaceId
    logAnalyticsDestinationType: 'Dedicated'
    logs: [
      { category: 'ControlPlaneRequests', enabled: true }
      { category: 'PartitionKeyRUConsumption', enabled: true }
    ]
    metrics: [
      { category: 'Requests', enabled: true }
    ]
  }
}

output accountId string = account.id
output endpoint string = account.properties.documentEndpoint
