using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;
using Microsoft.Azure.Functions.Worker;

namespace Advisor.Kernel.Http;

/// <summary>The routes of the product's HTTP functions and the methods each answers.</summary>
public sealed class RouteTable
{
    private readonly List<(TemplateMatcher Matcher, string[] Methods)> _routes;

    public RouteTable(Assembly functions) => _routes =
    [
        .. from type in functions.GetTypes()
           from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
           where method.IsDefined(typeof(FunctionAttribute))
           from parameter in method.GetParameters()
           let trigger = parameter.GetCustomAttribute<HttpTriggerAttribute>()
           where trigger?.Route is not null && !trigger.Route.Contains('*')
           select (new TemplateMatcher(TemplateParser.Parse(trigger.Route!), []), trigger.Methods ?? []),
    ];

    /// <summary>The methods that some function answers at a path; none when no route has that path.</summary>
    public IReadOnlyList<string> MethodsOf(PathString path) =>
        [.. _routes.Where(route => route.Matcher.TryMatch(path, new RouteValueDictionary())).SelectMany(route => route.Methods).Distinct()];
}
