using System.Security.Cryptography;
using System.Text;

namespace Advisor.Embedded.Durable;

/// <summary>Name-based ids (RFC 9562 version 5), made as the Durable Task worker makes them, so that ids agree between hosts.</summary>
internal static class DeterministicGuid
{
    private static readonly Guid Namespace = new("9e952958-5e33-4daf-827f-2fa12937b875");

    /// <param name="counter">How many ids this execution made before.</param>
    public static Guid Create(string instanceId, DateTime now, int counter)
    {
        var name = Encoding.UTF8.GetBytes($"{instanceId}_{now:o}_{counter}");
        var buffer = new byte[16 + name.Length];
        Namespace.TryWriteBytes(buffer, bigEndian: true, out _);
        name.CopyTo(buffer, 16);
#pragma warning disable CA5350 // Version 5 is defined with SHA-1; nothing secret is protected by it.
        var hash = SHA1.HashData(buffer).AsSpan(0, 16);
#pragma warning restore CA5350
        hash[6] = (byte)((hash[6] & 0x0F) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash, bigEndian: true);
    }
}
