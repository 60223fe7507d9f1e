using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Advisor.Samples.Pdf;

/// <summary>The numbered objects of a PDF file, its cross-reference table and its trailer.</summary>
internal sealed class PdfObjects
{
    private readonly List<byte[]> bodies = [];

    public int Reserve()
    {
        bodies.Add([]);
        return bodies.Count;
    }

    public void Set(int id, string body) => bodies[id - 1] = Encoding.ASCII.GetBytes(body);

    /// <returns>A reference to the new object.</returns>
    public string Add(string body)
    {
        int id = Reserve();
        Set(id, body);
        return $"{id} 0 R";
    }

    /// <param name="entries">Dictionary entries besides the length and, when compressed here, the filter.</param>
    public int AddStream(string entries, byte[] data, bool compress)
    {
        byte[] stored = compress ? Deflate(data) : data;
        string head = $"<< {entries} {(compress ? "/Filter /FlateDecode " : "")}/Length {stored.Length} >>\nstream\n";
        int id = Reserve();
        bodies[id - 1] = [.. Encoding.ASCII.GetBytes(head), .. stored, .. "\nendstream"u8];
        return id;
    }

    public byte[] ToArray(string root, string info)
    {
        using MemoryStream file = new();
        file.Write("%PDF-1.7\n%"u8);
        file.Write([0xE2, 0xE3, 0xCF, 0xD3, (byte)'\n']);
        List<long> offsets = [];
        for (int i = 0; i < bodies.Count; i++)
        {
            offsets.Add(file.Position);
            Write(file, $"{i + 1} 0 obj\n");
            file.Write(bodies[i]);
            Write(file, "\nendobj\n");
        }

        long table = file.Position;
        Write(file, $"xref\n0 {bodies.Count + 1}\n0000000000 65535 f \n");
        foreach (long offset in offsets)
        {
            Write(file, string.Create(CultureInfo.InvariantCulture, $"{offset:0000000000} 00000 n \n"));
        }

        const string id = "<41445649534F522D53414D504C452D31>";
        Write(file, $"trailer\n<< /Size {bodies.Count + 1} /Root {root} /Info {info} /ID [{id} {id}] >>\nstartxref\n{table}\n%%EOF\n");
        return file.ToArray();
    }

    private static void Write(MemoryStream file, string text) => file.Write(Encoding.ASCII.GetBytes(text));

    private static byte[] Deflate(byte[] data)
    {
        using MemoryStream target = new();
        using (ZLibStream zlib = new(target, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            zlib.Write(data);
        }

        return target.ToArray();
    }
}
