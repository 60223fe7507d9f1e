using System.Reflection;
using Advisor.Kernel;
using Advisor.Kernel.Tenancy;
using Microsoft.Azure.Functions.Worker;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Architecture;

/// <summary>Who may call what is written at every HTTP function, never left to a default.</summary>
public sealed class FunctionAccessTests
{
    [Fact]
    public void Product_EveryHttpFunction_DeclaresWhoMayCallIt()
    {
        var functions = ProductFunction.In(typeof(Composition).Assembly).ToList();
        functions.Count(function => function.Http is not null).ShouldBeGreaterThan(10);
        Undeclared(functions).ShouldBeEmpty();
    }

    [Fact]
    public void Undeclared_PlantedFunctions_NamesThoseWithoutOrWithTwoDeclarations() =>
        Undeclared(ProductFunction.In([typeof(PlantedFunctions)])).ShouldBe(["DeclaresNothing", "DeclaresTwo"]);

    [Theory]
    [InlineData("IngestDocumentTrigger", Role.Analyst, Role.Admin)]
    [InlineData("TriggerAnalysis", Role.Analyst, Role.Reviewer, Role.Admin)]
    [InlineData("ListAudit", Role.Admin)]
    public void Of_FunctionForCertainRoles_AdmitsThemOnly(string function, params Role[] roles) =>
        new FunctionAccess(typeof(Composition).Assembly).Of(function).Roles.ShouldBe(roles);

    private static IEnumerable<string> Undeclared(IEnumerable<ProductFunction> functions) => functions
        .Where(function => function.Http is not null)
        .Where(function => function.Method.GetCustomAttributes().Count(attribute => attribute is AllowAttribute or AllowAnyRoleAttribute or AllowAnyoneAttribute) != 1
            || function.Attribute<AllowAttribute>() is { Roles.Count: 0 })
        .Select(function => function.Name);

    private static class PlantedFunctions
    {
        [Function("DeclaresNothing")]
        public static void DeclaresNothing([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "a")] object request) => _ = request;

        [AllowAnyRole]
        [AllowAnyone]
        [Function("DeclaresTwo")]
        public static void DeclaresTwo([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "b")] object request) => _ = request;

        [AllowAnyRole]
        [Function("DeclaresOne")]
        public static void DeclaresOne([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "c")] object request) => _ = request;
    }
}
