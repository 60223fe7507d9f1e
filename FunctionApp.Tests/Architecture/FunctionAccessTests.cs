using System.Reflection;
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
        var functions = HttpFunctions(typeof(Composition).Assembly.GetTypes());
        functions.Count.ShouldBeGreaterThan(10);
        Undeclared(functions).ShouldBeEmpty();
    }

    [Fact]
    public void Undeclared_PlantedFunctions_NamesThoseWithoutOrWithTwoDeclarations() =>
        Undeclared(HttpFunctions([typeof(PlantedFunctions)])).ShouldBe(["DeclaresNothing", "DeclaresTwo"]);

    [Theory]
    [InlineData("IngestDocumentTrigger", Role.Analyst, Role.Admin)]
    [InlineData("TriggerAnalysis", Role.Analyst, Role.Reviewer, Role.Admin)]
    [InlineData("ListAudit", Role.Admin)]
    public void Of_FunctionForCertainRoles_AdmitsThemOnly(string function, params Role[] roles) =>
        new FunctionAccess(typeof(Composition).Assembly).Of(function).Roles.ShouldBe(roles);

    private static List<MethodInfo> HttpFunctions(IEnumerable<Type> types) =>
    [
        .. types.SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Where(method => method.IsDefined(typeof(FunctionAttribute)) && method.GetParameters().Any(parameter => parameter.IsDefined(typeof(HttpTriggerAttribute)))),
    ];

    private static IEnumerable<string> Undeclared(IEnumerable<MethodInfo> functions) => functions
        .Where(method => method.GetCustomAttributes().Count(attribute => attribute is AllowAttribute or AllowAnyRoleAttribute or AllowAnyoneAttribute) != 1
            || method.GetCustomAttribute<AllowAttribute>() is { Roles.Count: 0 })
        .Select(method => method.GetCustomAttribute<FunctionAttribute>()!.Name);

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
