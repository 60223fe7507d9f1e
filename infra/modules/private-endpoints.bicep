metadata description = 'A private endpoint for each service, and the names by which the network finds them.'

@description('What is reached: a name, the resource, which of its services, and the zone of that service.')
type endpointTarget = {
  name: string
  resourceId: string
  groupId: string
  zone: string
}

param location string
param tags object
param subnetId string
param networkId string
param targets endpointTarget[]

// Blobs and tables have two accounts each in one zone.
var zones = union(map(targets, target => target.zone), [])

resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' = [
  for name in zones: {
    name: name
    location: 'global'
    tags: tags
  }
]

resource link 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [
  for (name, i) in zones: {
    parent: zone[i]
    name: 'advisor'
    location: 'global'
    tags: tags
    properties: {
      registrationEnabled: false
      virtualNetwork: {
        id: networkId
      }
    }
  }
]

resource endpoint 'Microsoft.Network/privateEndpoints@2025-09-01' = [
  for target in targets: {
    name: 'pe-advisor-${target.name}'
    location: location
    tags: tags
    properties: {
      subnet: {
        id: subnetId
      }
      privateLinkServiceConnections: [
        {
          name: target.name
          properties: {
            privateLinkServiceId: target.resourceId
            groupIds: [target.groupId]
          }
        }
      ]
    }
  }
]

resource registration 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2025-09-01' = [
  for (target, i) in targets: {
    parent: endpoint[i]
    name: 'default'
    properties: {
      privateDnsZoneConfigs: [
        {
          name: target.name
          properties: {
            privateDnsZoneId: resourceId('Microsoft.Network/privateDnsZones', target.zone)
          }
        }
      ]
    }
    dependsOn: [zone]
  }
]
