using Advisor.Tests.Documents.EndToEnd;
using Xunit;

namespace Advisor.Tests.Kernel.Http;

public sealed class HttpOptionsTests
{
    [Theory]
    [InlineData("RateLimit:PerSecond", "0", "RateLimit:PerSecond must be from 1 to 1,000,000.")]
    [InlineData("RateLimit:Burst", "0", "RateLimit:Burst must be from 1 to 1,000,000.")]
    [InlineData("Idempotency:KeepHours", "0", "Idempotency:KeepHours must be from 1 to 720.")]
    [InlineData("Idempotency:KeepHours", "721", "Idempotency:KeepHours must be from 1 to 720.")]
    [InlineData("Idempotency:LeaseSeconds", "0", "Idempotency:LeaseSeconds must be from 1 to 3600.")]
    [InlineData("Idempotency:LeaseSeconds", "3601", "Idempotency:LeaseSeconds must be from 1 to 3600.")]
    public Task Start_InvalidValue_FailsWithItsMessage(string name, string value, string message) => RefusedStart.ShouldSayAsync(name, value, message);
}
