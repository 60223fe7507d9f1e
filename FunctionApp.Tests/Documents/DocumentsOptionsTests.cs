using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Advisor.Documents;
using Advisor.Tests.Documents.EndToEnd;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Documents;

public sealed class DocumentsOptionsTests
{
    [Theory]
    [InlineData("MaxBytes", "0", "Documents:MaxBytes must be from 1 to 52428800 (50 MB): both hosts refuse larger requests.")]
    [InlineData("MaxBytes", "52428801", "Documents:MaxBytes must be from 1 to 52428800 (50 MB): both hosts refuse larger requests.")]
    [InlineData("MaxPages", "0", "Documents:MaxPages must be from 1 to 10000.")]
    [InlineData("MaxPages", "10001", "Documents:MaxPages must be from 1 to 10000.")]
    [InlineData("MaxCells", "0", "Documents:MaxCells must be from 1 to 20000000.")]
    [InlineData("MaxCells", "20000001", "Documents:MaxCells must be from 1 to 20000000.")]
    [InlineData("MaxUnzippedBytes", "0", "Documents:MaxUnzippedBytes must be from 1 to 4294967296 (4 GB).")]
    [InlineData("MaxUnzippedBytes", "4294967297", "Documents:MaxUnzippedBytes must be from 1 to 4294967296 (4 GB).")]
    [InlineData("PagesPerRange", "0", "Documents:PagesPerRange must be from 1 to 500.")]
    [InlineData("PagesPerRange", "501", "Documents:PagesPerRange must be from 1 to 500.")]
    [InlineData("RetentionDays", "-1", "Documents:RetentionDays must be from 0 to 36500.")]
    [InlineData("RetentionDays", "36501", "Documents:RetentionDays must be from 0 to 36500.")]
    public Task Start_InvalidValue_FailsWithItsMessage(string name, string value, string message) => RefusedStart.ShouldSayAsync($"Documents:{name}", value, message);

    [Fact]
    public void EveryBound_HasItsCases()
    {
        var cases = typeof(DocumentsOptionsTests).GetMethod(nameof(Start_InvalidValue_FailsWithItsMessage))!.GetCustomAttributes<InlineDataAttribute>();
        cases.GroupBy(data => (string)data.Data[0]!).Select(same => (same.Key, same.Count())).ShouldBe(
            typeof(DocumentsOptions).GetProperties().Where(property => property.IsDefined(typeof(RangeAttribute))).Select(property => (property.Name, 2)));
    }
}
