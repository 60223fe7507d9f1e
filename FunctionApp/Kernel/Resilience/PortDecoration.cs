using Microsoft.Extensions.DependencyInjection;

namespace Advisor.Kernel.Resilience;

/// <summary>Puts a wrapper around a port that is registered already.</summary>
internal static class PortDecoration
{
    /// <summary>Key of the port as the host registered it: the container makes and disposes it, and health asks it directly.</summary>
    public const string Inner = "inner";

    /// <summary>Wraps the last registration of <typeparamref name="T"/>, which stays reachable under <see cref="Inner"/>.</summary>
    /// <exception cref="InvalidOperationException">No <typeparamref name="T"/> is registered.</exception>
    public static IServiceCollection Decorate<T>(this IServiceCollection services, Func<T, Dependencies, T> wrap)
        where T : class
    {
        services.Add(Keyed(services.Take<T>(), Inner));
        return services.AddSingleton(provider => wrap(provider.GetRequiredKeyedService<T>(Inner), provider.GetRequiredService<Dependencies>()));
    }

    /// <summary>Takes out the last registration of a port, for what wraps it to be put in its place.</summary>
    /// <exception cref="InvalidOperationException">No <typeparamref name="T"/> is registered: wrapping nothing would leave the port without what the wrapper is for.</exception>
    public static ServiceDescriptor Take<T>(this IServiceCollection services)
        where T : class
    {
        var found = services.LastOrDefault(service => service.ServiceType == typeof(T) && !service.IsKeyedService)
            ?? throw new InvalidOperationException($"The host has registered no {typeof(T).Name}. Register its adapter before AddAdvisor.");
        services.Remove(found);
        return found;
    }

    /// <summary>Puts another port between the wrapper and the host's own: the seam by which tests inject faults.</summary>
    public static IServiceCollection ReplaceInner<T>(this IServiceCollection services, Func<T, T> wrap)
        where T : class
    {
        var found = services.Last(service => service.ServiceType == typeof(T) && service.IsKeyedService && Equals(service.ServiceKey, Inner));
        services.Remove(found);
        services.Add(new ServiceDescriptor(
            typeof(T), "host", (provider, _) => found.KeyedImplementationFactory?.Invoke(provider, Inner) ?? found.KeyedImplementationInstance!, ServiceLifetime.Singleton));
        return services.AddKeyedSingleton<T>(Inner, (provider, _) => wrap(provider.GetRequiredKeyedService<T>("host")));
    }

    private static ServiceDescriptor Keyed(ServiceDescriptor found, string key) =>
        found.ImplementationInstance is { } instance ? new ServiceDescriptor(found.ServiceType, key, instance)
        : found.ImplementationFactory is { } factory ? new ServiceDescriptor(found.ServiceType, key, (provider, _) => factory(provider), found.Lifetime)
        : new ServiceDescriptor(found.ServiceType, key, found.ImplementationType!, found.Lifetime);
}
