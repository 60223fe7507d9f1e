metadata description = 'The app: the Functions host in a container, who may sign in to it, and when another replica is started.'

param token string
param location string
param tags object

@description('Whether the app was deployed before.')
param exists bool

param signInClientId string
param cpu string
param memory string
param minReplicas int
param maxReplicas int
param zoneRedundant bool

@description('Empty where the services are reached over the public network.')
param appSubnetId string

param appIdentityId string
param appClientId string
param scalerIdentityId string
param registryServer string
param queues string[]
param callsPerQueue int
param taskHub string
param activitiesPerReplica int
param orchestratorsPerReplica int
param schedulerEndpoint string

@description('Name of the setting that host.json reads the scheduler\'s address from.')
param schedulerSetting string

param jobsAccountName string
param blobUri string
param downloads string
param tableUri string
param cosmosUri string
param databaseName string
param messagingNamespace string
param messagingHost string
param documentIntelligenceUri string
param openAiUri string
param deploymentName string
param vaultUri string

@description('Empty without a shared cache.')
param redisHost string

param applicationInsightsName string
param workspaceId string

var name = 'ca-advisor-${token}'
var port = 8080

// Until the first deployment there is no image of ours. This one listens on the same port and knows no /health.
var firstImage = 'mcr.microsoft.com/dotnet/samples:aspnetapp'
var collectorImage = 'otel/opentelemetry-collector-contrib:0.158.0'
var image = empty(deployed.outputs.images) ? firstImage : deployed.outputs.images[0]

// Nothing here is a secret: addresses, and who the app is. What is secret stands in the vault.
var settings = {
  FUNCTIONS_WORKER_RUNTIME: 'dotnet-isolated'
  AzureWebJobsDisableHomepage: 'true'
  // Before the DefaultAzureCredential of every client in the app.
  AZURE_CLIENT_ID: appClientId
  AzureWebJobsStorage__accountName: jobsAccountName
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: appClientId
  // For the queue triggers and for what the product sends.
  AzureWebJobsServiceBus__fullyQualifiedNamespace: messagingHost
  AzureWebJobsServiceBus__credential: 'managedidentity'
  AzureWebJobsServiceBus__clientId: appClientId
  '${schedulerSetting}': 'Endpoint=${schedulerEndpoint};Authentication=ManagedIdentity;ClientID=${appClientId}'
  Blobs__ServiceUri: blobUri
  Blobs__Downloads: downloads
  Audit__ServiceUri: tableUri
  Cosmos__ServiceUri: cosmosUri
  Cosmos__Database: databaseName
  DocumentIntelligence__ServiceUri: documentIntelligenceUri
  AzureOpenAI__Endpoint: openAiUri
  AzureOpenAI__Deployment: deploymentName
  KeyVault__ServiceUri: vaultUri
  // One app, whatever its replicas are called: timers, their locks and the host's keys lie under this id.
  AzureFunctionsWebHost__hostid: 'advisor'
  // The sign-in below strips a principal header that a client sends.
  Identity__TrustPrincipalHeader: 'true'
  // The worker's own middleware takes the address that the ingress appended; what is left of the header is the client's word.
  Http__TrustForwardedFor: 'false'
  // Sums since the last export, of which queries can make means of an hour; the default are sums since the start.
  OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: 'delta'
  Telemetry__OtlpEndpoint: 'http://127.0.0.1:4318'
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${appClientId};Authorization=AAD'
}
// Several replicas without a shared cache keep no answers: each would give its own stale ones for a while.
var cacheSettings = !empty(redisHost) ? { Redis__HostName: redisHost } : maxReplicas > 1 ? { Cache__Lifetime: '00:00:00' } : {}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: applicationInsightsName
}

module deployed 'existing-image.bicep' = {
  params: {
    name: name
    exists: exists
  }
}

resource place 'Microsoft.App/managedEnvironments@2026-01-01' = {
  name: 'cae-advisor-${token}'
  location: location
  tags: tags
  properties: {
    zoneRedundant: zoneRedundant
    appLogsConfiguration: {
      destination: 'azure-monitor'
    }
    vnetConfiguration: empty(appSubnetId) ? null : { infrastructureSubnetId: appSubnetId, internal: false }
    workloadProfiles: [
      {
        name: 'Consumption'
        workloadProfileType: 'Consumption'
      }
    ]
  }
}

resource log 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: place
  properties: {
    workspaceId: workspaceId
    logs: [
      { categoryGroup: 'allLogs', enabled: true }
    ]
    metrics: [
      { category: 'AllMetrics', enabled: true }
    ]
  }
}

resource app 'Microsoft.App/containerApps@2026-01-01' = {
  name: name
  location: location
  tags: union(tags, { 'azd-service-name': 'api' })
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${appIdentityId}': {}
      '${scalerIdentityId}': {}
    }
  }
  properties: {
    environmentId: place.id
    workloadProfileName: 'Consumption'
    configuration: {
      activeRevisionsMode: 'Single'
      maxInactiveRevisions: 5
      ingress: {
        external: true
        targetPort: port
        transport: 'auto'
        allowInsecure: false
        traffic: [
          {
            latestRevision: true
            weight: 100
          }
        ]
      }
      registries: [
        {
          server: registryServer
          identity: appIdentityId
        }
      ]
      // The code may be the app and never the scaler, who can manage queues.
      identitySettings: [
        {
          identity: scalerIdentityId
          lifecycle: 'None'
        }
      ]
      secrets: [
        {
          name: 'application-insights'
          value: insights.properties.ConnectionString
        }
      ]
    }
    template: {
      // Above the time that the Functions host gives running functions to end.
      terminationGracePeriodSeconds: 120
      containers: [
        {
          name: 'api'
          image: image
          resources: {
            cpu: json(cpu)
            memory: memory
          }
          env: concat(
            map(items(union(settings, cacheSettings)), setting => {
              name: setting.key
              value: setting.value
            }),
            [
              {
                name: 'APPLICATIONINSIGHTS_CONNECTION_STRING'
                secretRef: 'application-insights'
              }
            ]
          )
          // The first image has no /health; after the first deployment another run of this file finds the product's.
          probes: image == firstImage
            ? []
            : [
                {
                  type: 'Startup'
                  httpGet: {
                    path: '/health'
                    port: port
                  }
                  periodSeconds: 5
                  failureThreshold: 36
                }
                {
                  type: 'Liveness'
                  httpGet: {
                    path: '/health'
                    port: port
                  }
                  periodSeconds: 30
                  timeoutSeconds: 5
                  failureThreshold: 4
                }
                {
                  type: 'Readiness'
                  httpGet: {
                    path: '/health'
                    port: port
                  }
                  periodSeconds: 10
                  timeoutSeconds: 5
                  failureThreshold: 3
                }
              ]
        }
        {
          name: 'collector'
          image: collectorImage
          args: ['--config=env:COLLECTOR_CONFIGURATION']
          resources: {
            cpu: json('0.25')
            memory: '0.5Gi'
          }
          env: [
            {
              name: 'COLLECTOR_CONFIGURATION'
              value: loadTextContent('../collector.yaml')
            }
            {
              name: 'APPLICATIONINSIGHTS_CONNECTION_STRING'
              secretRef: 'application-insights'
            }
          ]
          probes: [
            {
              type: 'Liveness'
              httpGet: {
                path: '/'
                port: 13133
              }
              periodSeconds: 30
            }
          ]
        }
      ]
      scale: {
        // Never none: timers fire on a replica, and an orchestration's timer must find one.
        minReplicas: minReplicas
        maxReplicas: maxReplicas
        rules: concat(
          [
            {
              name: 'requests'
              http: {
                metadata: {
                  concurrentRequests: '50'
                }
              }
            }
            {
              name: 'orchestrations'
              custom: {
                type: 'azure-durabletask-scheduler'
                identity: scalerIdentityId
                metadata: {
                  endpoint: schedulerEndpoint
                  taskhubName: taskHub
                  workItemType: 'Orchestration'
                  maxConcurrentWorkItemsCount: string(orchestratorsPerReplica)
                }
              }
            }
            {
              name: 'activities'
              custom: {
                type: 'azure-durabletask-scheduler'
                identity: scalerIdentityId
                metadata: {
                  endpoint: schedulerEndpoint
                  taskhubName: taskHub
                  workItemType: 'Activity'
                  maxConcurrentWorkItemsCount: string(activitiesPerReplica)
                }
              }
            }
          ],
          map(queues, queue => {
            name: queue
            custom: {
              type: 'azure-servicebus'
              identity: scalerIdentityId
              metadata: {
                namespace: messagingNamespace
                queueName: queue
                messageCount: string(callsPerQueue)
              }
            }
          })
        )
      }
    }
  }
}

// A request without a sign-in goes on to the app, which refuses it in its own form, but for what anybody may see. What the platform believes, it
// writes into X-MS-CLIENT-PRINCIPAL, and it removes that header from what comes in.
resource signIn 'Microsoft.App/containerApps/authConfigs@2026-01-01' = {
  parent: app
  name: 'current'
  properties: {
    platform: {
      enabled: true
    }
    globalValidation: {
      unauthenticatedClientAction: 'AllowAnonymous'
    }
    httpSettings: {
      requireHttps: true
    }
    identityProviders: {
      azureActiveDirectory: {
        enabled: true
        registration: {
          clientId: signInClientId
          openIdIssuer: '${environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0'
        }
        validation: {
          allowedAudiences: [signInClientId, 'api://${signInClientId}']
        }
      }
    }
  }
}

output appName string = app.name
output uri string = 'https://${app.properties.configuration.ingress.fqdn}'
