using Advisor.Tests.Documents.EndToEnd;
using Xunit;

namespace Advisor.Tests.Kernel.Caching;

public sealed class CacheOptionsTests
{
    [Theory]
    [InlineData("Cache:Lifetime", "-00:00:01", "Cache:Lifetime must be from 00:00:00 (off) to 1.00:00:00 (a day).")]
    [InlineData("Cache:Lifetime", "1.00:00:01", "Cache:Lifetime must be from 00:00:00 (off) to 1.00:00:00 (a day).")]
    [InlineData("Cache:RecentDays", "0", "Cache:RecentDays must be from 1 to 3650.")]
    [InlineData("Cache:MaxBytes", "1000", "Cache:MaxBytes must be from 1048576 (1 MB) to 17179869184 (16 GB).")]
    public Task Start_InvalidValue_FailsWithItsMessage(string name, string value, string message) => RefusedStart.ShouldSayAsync(name, value, message);
}
