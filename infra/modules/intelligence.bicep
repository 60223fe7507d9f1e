metadata description = 'What reads pages and what reasons about them.'

param token string
param location string
param tags object
param documentIntelligenceSku string
param model string
param modelVersion string
param modelSku string

@description('Thousands of tokens a minute.')
param modelCapacity int

param publicAccess bool
param appPrincipalId string
param workspaceId string

// Cognitive Services User
var user = 'a97b65f3-24c7-4388-baec-2e87135dc908'
// Cognitive Services OpenAI User
var openAiUser = '5e0bd9bd-7b93-4f28-af87-19fc36ad61bd'

resource documents 'Microsoft.CognitiveServices/accounts@2026-07-01' = {
  name: 'di-advisor-${token}'
  location: location
  tags: tags
  kind: 'FormRecognizer'
  sku: {
    name: documentIntelligenceSku
  }
  properties: {
    customSubDomainName: 'di-advisor-${token}'
    disableLocalAuth: true
    publicNetworkAccess: publicAccess ? 'Enabled' : 'Disabled'
    networkAcls: {
      defaultAction: publicAccess ? 'Allow' : 'Deny'
    }
  }
}

resource models 'Microsoft.CognitiveServices/accounts@2026-07-01' = {
  name: 'oai-advisor-${token}'
  location: location
  tags: tags
  kind: 'OpenAI'
  sku: {
    name: 'S0'
  }
  properties: {
    customSubDomainName: 'oai-advisor-${token}'
    disableLocalAuth: true
    publicNetworkAccess: publicAccess ? 'Enabled' : 'Disabled'
    networkAcls: {
      defaultAction: publicAccess ? 'Allow' : 'Deny'
    }
  }
}

// No upgrade by itself: a chain names the version that it was made with, and another version is another model.
resource deployment 'Microsoft.CognitiveServices/accounts/deployments@2026-07-01' = {
  parent: models
  name: model
  sku: {
    name: modelSku
    capacity: modelCapacity
  }
  properties: {
    model: {
      format: 'OpenAI'
      name: model
      version: modelVersion
    }
    versionUpgradeOption: 'NoAutoUpgrade'
  }
}

resource documentRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(documents.id, appPrincipalId, user)
  scope: documents
  properties: {
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', user)
  }
}

resource modelRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(models.id, appPrincipalId, openAiUser)
  scope: models
  properties: {
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', openAiUser)
  }
}

// Who called when, never what was said: the categories that hold requests and answers stay off.
resource documentLog 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: documents
  properties: {
    workspaceId: workspaceId
    logs: [
      { category: 'Audit', enabled: true }
    ]
    metrics: [
      { category: 'AllMetrics', enabled: true }
    ]
  }
}

resource modelLog 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: models
  properties: {
    workspaceId: workspaceId
    logs: [
      { category: 'Audit', enabled: true }
    ]
    metrics: [
      { category: 'AllMetrics', enabled: true }
    ]
  }
}

output documentIntelligenceId string = documents.id
output documentIntelligenceUri string = documents.properties.endpoint
output openAiId string = models.id
output openAiUri string = models.properties.endpoint
output deploymentName string = deployment.name
