using Advisor.Tests.Documents.EndToEnd;
using Xunit;

namespace Advisor.Tests.Kernel.Resilience;

public sealed class ResilienceOptionsTests
{
    [Theory]
    [InlineData("Records:MaxConcurrency", "0", "Resilience:Records:MaxConcurrency must be from 1 to 10000.")]
    [InlineData("Records:QueueTimeout", "00:05:01", "Resilience:Records:QueueTimeout must be from 00:00:00 to 00:05:00.")]
    [InlineData("Blobs:AttemptTimeout", "00:00:00", "Resilience:Blobs:AttemptTimeout must be from 00:00:00.010 to 01:00:00.")]
    [InlineData("Messages:MaxRetries", "11", "Resilience:Messages:MaxRetries must be from 0 to 10.")]
    [InlineData("Audit:RetryDelay", "00:01:01", "Resilience:Audit:RetryDelay must be from 00:00:00 to 00:01:00.")]
    [InlineData("DocumentFetch:FailureRatio", "0", "Resilience:DocumentFetch:FailureRatio must be above 0 and at most 1.")]
    [InlineData("Notifications:MinimumThroughput", "1", "Resilience:Notifications:MinimumThroughput must be from 2 to 1000.")]
    [InlineData("Records:SamplingDuration", "00:00:00.1", "Resilience:Records:SamplingDuration must be from 00:00:00.500 to 00:10:00.")]
    [InlineData("Records:BreakDuration", "00:01:01", "Resilience:Records:BreakDuration must be from 00:00:00.500 to 00:01:00.")]
    [InlineData("PageReading:AttemptTimeout", "01:00:01", "Resilience:PageReading:AttemptTimeout must be from 00:00:00.010 to 01:00:00.")]
    [InlineData("Patience", "01:00:00", "Resilience:Patience must be from 00:00:00 to 00:59:00: a message's lock is renewed for an hour.")]
    public Task Start_InvalidValue_FailsWithItsMessage(string name, string value, string message) => RefusedStart.ShouldSayAsync($"Resilience:{name}", value, message);
}
