using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Runs the function for HTTP requests of a route.</summary>
public sealed class HttpTriggerAttribute : TriggerBindingAttribute
{
    public HttpTriggerAttribute(AuthorizationLevel authLevel, params string[] methods)
    {
        AuthLevel = authLevel;
        Methods = methods;
    }

    /// <summary>Route template below the app's prefix; null means the function's name.</summary>
    public string? Route { get; set; }

    /// <summary>Methods that it answers; null or none means all.</summary>
    public string[]? Methods { get; private set; }

    public AuthorizationLevel AuthLevel { get; private set; }
}

/// <summary>The key that the Functions host asks of a caller before it passes the request on.</summary>
public enum AuthorizationLevel
{
    Anonymous = 0,
    User = 1,
    Function = 2,
    System = 3,
    Admin = 4,
}

/// <summary>What ASP.NET Core integration adds to an invocation.</summary>
public static class FunctionContextExtensions
{
    /// <summary>The request behind the invocation, or null when no HTTP request started it.</summary>
    /// <remarks>The integration keeps it in <see cref="FunctionContext.Items"/> under the key <c>HttpRequestContext</c>.</remarks>
    public static HttpContext? GetHttpContext(this FunctionContext context) =>
        context.Items.TryGetValue("HttpRequestContext", out var item) ? item as HttpContext : null;
}
