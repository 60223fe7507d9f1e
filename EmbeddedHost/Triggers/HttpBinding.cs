using System.ComponentModel;
using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Advisor.Embedded.Triggers;

/// <summary>Binds the parameters of HTTP functions as the ASP.NET Core integration of the worker does: the request, and route values by name.</summary>
internal static class HttpBinding
{
    public static TriggerKind Kind { get; } = new("httpTrigger", BindRequest, BindRouteValue);

    /// <summary>The pattern of a function's route; without one, the function's name is its route.</summary>
    public static RoutePattern Pattern(string prefix, HttpTriggerAttribute trigger, string functionName) =>
        RoutePatternFactory.Parse($"{prefix.Trim('/')}/{trigger.Route ?? functionName}".Trim('/'));

    private static ParameterBinder? BindRequest(ParameterInfo parameter, TriggerBindingAttribute trigger) =>
        parameter.ParameterType == typeof(HttpRequest) ? (_, http) => ((HttpContext)http).Request : null;

    private static ParameterBinder? BindRouteValue(ParameterInfo parameter, TriggerBindingAttribute trigger)
    {
        var name = parameter.Name!;
        var type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        if (Pattern(string.Empty, (HttpTriggerAttribute)trigger, name).GetParameter(name) is null)
        {
            return null;
        }

        var absent = parameter.HasDefaultValue ? parameter.DefaultValue
            : parameter.ParameterType.IsValueType ? Activator.CreateInstance(parameter.ParameterType)
            : null;
        var converter = new Lazy<TypeConverter>(() => TypeDescriptor.GetConverter(type));
        return (_, http) => ((HttpContext)http).Request.RouteValues.TryGetValue(name, out var value) && value is not null
            ? Convert(value, type, converter, name)
            : absent;
    }

    private static object? Convert(object value, Type type, Lazy<TypeConverter> converter, string name)
    {
        var text = System.Convert.ToString(value, CultureInfo.InvariantCulture)!;
        if (type == typeof(string))
        {
            return text;
        }

        try
        {
            return converter.Value.ConvertFromInvariantString(text);
        }
        catch (Exception fault) when (fault is FormatException or ArgumentException or NotSupportedException or OverflowException)
        {
            throw new InvalidOperationException($"The route value '{name}' is not a {type.Name}.", fault);
        }
    }
}
