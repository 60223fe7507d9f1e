using System.Reflection;
using Advisor.Azure;
using Advisor.Kernel.Records;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Azure.Cosmos;

public sealed class CosmosContainersTests
{
    [Fact]
    public void All_ContainersOfTheProduct_AreListedOnce()
    {
        const BindingFlags statics = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        var used = typeof(Composition).Assembly.GetTypes()
            .Where(type => !type.ContainsGenericParameters)
            .SelectMany(type => type.GetFields(statics))
            .Where(field => field.FieldType.IsGenericType && field.FieldType.GetGenericTypeDefinition() == typeof(RecordContainer<>))
            .Select(field => (string)field.FieldType.GetProperty("Name")!.GetValue(field.GetValue(null))!)
            .Distinct()
            .Order(StringComparer.Ordinal)
            .ToList();

        used.Count.ShouldBeGreaterThan(10);
        CosmosContainers.All.Select(container => container.Name).ShouldBe(used);
    }

    [Fact]
    public void TimeToLive_OfReasoningChains_IsSevenYearsAndALeapDay() =>
        CosmosContainers.TimeToLiveOf("reasoning-chains").ShouldBe(((7 * 365) + 1) * 24 * 60 * 60);
}
