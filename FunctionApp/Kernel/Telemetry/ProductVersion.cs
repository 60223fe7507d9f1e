using System.Reflection;

namespace Advisor.Kernel.Telemetry;

/// <summary>The version of the running product.</summary>
public static class ProductVersion
{
    /// <summary>As it was built, without the revision that the build may append.</summary>
    public static string Value { get; } =
        (typeof(ProductVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0").Split('+')[0];
}
