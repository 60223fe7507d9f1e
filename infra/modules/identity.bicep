metadata description = 'Who the app is in the cloud. Reading the length of a queue asks for the right to manage it, so what only scales has an identity of its own.'

param token string
param location string
param tags object

resource app 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: 'id-advisor-${token}'
  location: location
  tags: tags
}

resource scaler 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: 'id-advisor-scaler-${token}'
  location: location
  tags: tags
}

output appIdentityId string = app.id
output appClientId string = app.properties.clientId
output appPrincipalId string = app.properties.principalId
output scalerIdentityId string = scaler.id
output scalerPrincipalId string = scaler.properties.principalId
