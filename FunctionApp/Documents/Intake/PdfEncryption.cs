using System.Security.Cryptography;
using System.Text;

namespace Advisor.Documents.Intake;

/// <summary>Tells whether an encrypted PDF opens with the empty user password, as most "protected" reports do.</summary>
/// <remarks>
/// The standard security handler of ISO 32000-1, 7.6.3 (revisions 2 to 4) and ISO 32000-2, 7.6.4 (revisions 5 and 6). The encryption
/// dictionary is never itself encrypted or packed into an object stream, so it is found in the bytes.
/// </remarks>
internal static class PdfEncryption
{
    private static readonly byte[] Padding =
    [
        0x28, 0xBF, 0x4E, 0x5E, 0x4E, 0x75, 0x8A, 0x41, 0x64, 0x00, 0x4E, 0x56, 0xFF, 0xFA, 0x01, 0x08,
        0x2E, 0x2E, 0x00, 0xB6, 0xD0, 0x68, 0x3E, 0x80, 0x2F, 0x0C, 0xA9, 0xFE, 0x64, 0x53, 0x69, 0x7A,
    ];

    /// <summary>True when not encrypted or the empty password fits, false when it does not, null when the scheme is not understood.</summary>
    public static bool? OpensWithoutPassword(ReadOnlySpan<byte> content)
    {
        var at = content.LastIndexOf("/Encrypt"u8);
        if (at < 0)
        {
            return true;
        }

        var rest = content[(at + 8)..];
        if (PdfDictionary.Reference(rest) is { } reference)
        {
            if (Object(content, reference) is var start and >= 0)
            {
                return Check(content[start..], content);
            }

            return null;
        }

        // Words like /EncryptMetadata are part of the dictionary itself, which a reference to it must precede or follow.
        return rest.TrimStart(" \t\r\n"u8).StartsWith("<<"u8) ? Check(rest, content) : FindEarlier(content[..at], content);
    }

    private static bool? FindEarlier(ReadOnlySpan<byte> before, ReadOnlySpan<byte> content)
    {
        for (var at = before.LastIndexOf("/Encrypt"u8); at >= 0; before = before[..at], at = before.LastIndexOf("/Encrypt"u8))
        {
            if (PdfDictionary.Reference(before[(at + 8)..]) is { } reference)
            {
                return Object(content, reference) is var start and >= 0 ? Check(content[start..], content) : null;
            }
        }

        // The word stands in no trailer: it is text of the document.
        return true;
    }

    private static int Object(ReadOnlySpan<byte> content, (int Number, int Generation) reference)
    {
        var name = Encoding.ASCII.GetBytes($"{reference.Number} {reference.Generation} obj");
        for (var from = content.Length; from > 0;)
        {
            var at = content[..from].LastIndexOf(name);
            if (at < 0)
            {
                return -1;
            }

            if (at == 0 || content[at - 1] is (byte)'\n' or (byte)'\r' or (byte)' ')
            {
                return at + name.Length;
            }

            from = at;
        }

        return -1;
    }

    private static bool? Check(ReadOnlySpan<byte> dictionary, ReadOnlySpan<byte> content)
    {
        dictionary = dictionary[..Math.Min(dictionary.Length, 4096)];
        var revision = PdfDictionary.Integer(dictionary, "/R"u8);
        var owner = PdfDictionary.Text(dictionary, "/O"u8);
        var user = PdfDictionary.Text(dictionary, "/U"u8);
        if (dictionary.IndexOf("/Standard"u8) < 0 || revision is null || owner is null || user is null)
        {
            return null;
        }

        return revision switch
        {
            2 or 3 or 4 => CheckRc4(dictionary, content, revision.Value, owner, user),
            5 when user.Length >= 48 => SHA256.HashData(user.AsSpan(32, 8)).AsSpan().SequenceEqual(user.AsSpan(0, 32)),
            6 when user.Length >= 48 => Hash2B(user.AsSpan(32, 8)).AsSpan().SequenceEqual(user.AsSpan(0, 32)),
            _ => null,
        };
    }

#pragma warning disable CA5350, CA5351 // MD5 and RC4 are what the file format prescribes; nothing is protected by them here.
    private static bool? CheckRc4(ReadOnlySpan<byte> dictionary, ReadOnlySpan<byte> content, int revision, byte[] owner, byte[] user)
    {
        var permissions = PdfDictionary.Integer(dictionary, "/P"u8);
        var id = PdfDictionary.FirstId(content);
        if (permissions is null || id is null || owner.Length < 32 || user.Length < 32)
        {
            return null;
        }

        // Algorithm 2: the key of the empty password; algorithms 4 and 5: what /U must then be.
        var length = revision == 2 ? 5 : Math.Clamp((PdfDictionary.Integer(dictionary, "/Length"u8) ?? (revision == 4 ? 128 : 40)) / 8, 5, 16);
        if (revision == 4)
        {
            length = 16;
        }

        List<byte> seed = [.. Padding, .. owner[..32], .. BitConverter.GetBytes(permissions.Value), .. id];
        if (revision == 4 && dictionary.IndexOf("/EncryptMetadata false"u8) >= 0)
        {
            seed.AddRange([0xFF, 0xFF, 0xFF, 0xFF]);
        }

        var key = MD5.HashData(seed.ToArray());
        for (var i = 0; i < 50 && revision >= 3; i++)
        {
            key = MD5.HashData(key.AsSpan(0, length));
        }

        key = key[..length];
        if (revision == 2)
        {
            return Rc4(key, Padding).AsSpan().SequenceEqual(user.AsSpan(0, 32));
        }

        var proof = Rc4(key, MD5.HashData([.. Padding, .. id]));
        for (var i = 1; i <= 19; i++)
        {
            proof = Rc4(Array.ConvertAll(key, octet => (byte)(octet ^ i)), proof);
        }

        return proof.AsSpan().SequenceEqual(user.AsSpan(0, 16));
    }

    private static byte[] Rc4(byte[] key, byte[] data)
    {
        var state = new byte[256];
        for (var i = 0; i < 256; i++)
        {
            state[i] = (byte)i;
        }

        for (int i = 0, j = 0; i < 256; i++)
        {
            j = (j + state[i] + key[i % key.Length]) & 255;
            (state[i], state[j]) = (state[j], state[i]);
        }

        var result = new byte[data.Length];
        for (int n = 0, i = 0, j = 0; n < data.Length; n++)
        {
            i = (i + 1) & 255;
            j = (j + state[i]) & 255;
            (state[i], state[j]) = (state[j], state[i]);
            result[n] = (byte)(data[n] ^ state[(state[i] + state[j]) & 255]);
        }

        return result;
    }
#pragma warning restore CA5350, CA5351

    /// <summary>ISO 32000-2, algorithm 2.B, for the empty password and no user key.</summary>
    private static byte[] Hash2B(ReadOnlySpan<byte> salt)
    {
        var key = SHA256.HashData(salt);
        using var aes = Aes.Create();
        for (var round = 0; ; round++)
        {
            var block = new byte[key.Length * 64];
            for (var i = 0; i < 64; i++)
            {
                key.CopyTo(block, i * key.Length);
            }

            aes.Key = key[..16];
            var encrypted = aes.EncryptCbc(block, key.AsSpan(16, 16), PaddingMode.None);
            var remainder = 0;
            foreach (var octet in encrypted.AsSpan(0, 16))
            {
                remainder += octet;
            }

            key = (remainder % 3) switch
            {
                0 => SHA256.HashData(encrypted),
                1 => SHA384.HashData(encrypted),
                _ => SHA512.HashData(encrypted),
            };
            if (round >= 63 && encrypted[^1] <= round - 31)
            {
                return key[..32];
            }
        }
    }
}
