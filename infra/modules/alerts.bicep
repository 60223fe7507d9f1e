metadata description = 'What somebody must look at. docs/observability.md gives the measures.'

param token string
param location string
param tags object
param email string
param applicationInsightsId string
param messagingNamespaceId string

// What the product itself sends is under its service name; the Functions host's own view of the same requests is not counted twice. Work on
// queues is among the requests, with another kind of result; probes and streams, which stay open, say nothing of how people are served.
var requests = 'requests | where cloud_RoleName == "advisor" | extend status = toint(coalesce(tostring(customDimensions["http.response.status_code"]), resultCode)), path = strcat(url, " ", name, " ", tostring(customDimensions["http.route"])) | where status between (100 .. 599) and path !has "health" and path !has "stream"'

var queries = [
  {
    name: 'errors'
    description: 'More than 5 % of the requests of five minutes ended with a server error.'
    severity: 1
    frequency: 'PT5M'
    window: 'PT5M'
    query: '${requests} | summarize share = 100.0 * countif(status >= 500) / count()'
    measure: 'share'
    operator: 'GreaterThan'
    threshold: 5
  }
  {
    name: 'latency'
    description: '5 % of the requests of five minutes took longer than 2 s; streams, which stay open, are not counted.'
    severity: 2
    frequency: 'PT5M'
    window: 'PT5M'
    query: '${requests} | summarize milliseconds = percentile(duration, 95)'
    measure: 'milliseconds'
    operator: 'GreaterThan'
    threshold: 2000
  }
  {
    name: 'confidence'
    description: 'The mean confidence of six hours\' insights is below 0.70: the model, the prompts or the documents have changed.'
    severity: 2
    frequency: 'PT15M'
    window: 'PT6H'
    query: 'customMetrics | where name == "confidence_score" | summarize total = sum(valueSum), number = sum(valueCount) | where number > 0 | project mean = total / number'
    measure: 'mean'
    operator: 'LessThan'
    threshold: json('0.70')
  }
]

var counts = [
  {
    name: 'queue-depth'
    description: 'More than 100 messages wait in a queue.'
    severity: 2
    metric: 'ActiveMessages'
    aggregation: 'Average'
    threshold: 100
  }
  {
    name: 'dead-letters'
    description: 'A message was set aside after its last delivery. docs/deployment.md says what to do with it.'
    severity: 1
    metric: 'DeadletteredMessages'
    aggregation: 'Maximum'
    threshold: 0
  }
]

resource people 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: 'ag-advisor-${token}'
  location: 'global'
  tags: tags
  properties: {
    groupShortName: 'advisor'
    enabled: true
    emailReceivers: [
      {
        name: 'operators'
        emailAddress: email
        useCommonAlertSchema: true
      }
    ]
  }
}

resource queryAlert 'Microsoft.Insights/scheduledQueryRules@2026-03-01' = [
  for alert in queries: {
    name: 'alert-advisor-${alert.name}-${token}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: 'Advisor: ${alert.name}'
      description: alert.description
      severity: alert.severity
      enabled: true
      autoMitigate: true
      scopes: [applicationInsightsId]
      evaluationFrequency: alert.frequency
      windowSize: alert.window
      criteria: {
        allOf: [
          {
            query: alert.query
            metricMeasureColumn: alert.measure
            timeAggregation: 'Maximum'
            operator: alert.operator
            threshold: alert.threshold
            failingPeriods: {
              numberOfEvaluationPeriods: 1
              minFailingPeriodsToAlert: 1
            }
          }
        ]
      }
      actions: {
        actionGroups: [people.id]
      }
    }
  }
]

resource countAlert 'Microsoft.Insights/metricAlerts@2026-01-01' = [
  for alert in counts: {
    name: 'alert-advisor-${alert.name}-${token}'
    location: 'global'
    tags: tags
    properties: {
      description: alert.description
      severity: alert.severity
      enabled: true
      autoMitigate: true
      scopes: [messagingNamespaceId]
      evaluationFrequency: 'PT1M'
      windowSize: 'PT5M'
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
        allOf: [
          {
            criterionType: 'StaticThresholdCriterion'
            name: alert.name
            metricName: alert.metric
            metricNamespace: 'Microsoft.ServiceBus/namespaces'
            timeAggregation: alert.aggregation
            operator: 'GreaterThan'
            threshold: alert.threshold
            // An alert for each queue.
            dimensions: [
              {
                name: 'EntityName'
                operator: 'Include'
                values: ['*']
              }
            ]
          }
        ]
      }
      actions: [
        {
          actionGroupId: people.id
        }
      ]
    }
  }
]
