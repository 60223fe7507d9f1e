metadata description = 'Says when the month becomes dearer than it should. It stops nothing.'

param token string
param email string
param amount int
param startDate string

resource budget 'Microsoft.Consumption/budgets@2026-06-01' = {
  name: 'budget-advisor-${token}'
  properties: {
    category: 'Cost'
    amount: amount
    timeGrain: 'Monthly'
    timePeriod: {
      startDate: startDate
    }
    notifications: {
      spent: {
        enabled: true
        operator: 'GreaterThan'
        threshold: 80
        thresholdType: 'Actual'
        contactEmails: [email]
      }
      expected: {
        enabled: true
        operator: 'GreaterThan'
        threshold: 100
        thresholdType: 'Forecasted'
        contactEmails: [email]
      }
    }
  }
}
