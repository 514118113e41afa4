using ElfMmu.Tests.Support;

namespace ElfMmu.Tests.Dumps.Lime;

/// <summary>Writes and reads LiME and AVML files by Python: python3-snappy packs, and Volatility 3's layers read.</summary>
internal static class Acquired
{
    // What AVML's image.rs writes of a range: blocks of 16 MiB, without those that are all zeros.
    private const string Writer = """
        import struct, sys
        source, target, start, kind = sys.argv[1], sys.argv[2], int(sys.argv[3], 0), sys.argv[4]
        with open(source, "rb") as memory, open(target, "wb") as out:
            def header(magic, version, size):
                out.write(struct.pack("<IIQQQ", magic, version, start, start + size - 1, 0))
            while block := memory.read(-1 if kind == "lime" else 16 << 20):
                if kind == "lime":
                    header(0x4c694d45, 1, len(block))
                    out.write(block)
                elif block.strip(b"\0"):
                    import crcmod.predefined, snappy, snappy.snappy
                    # The module's own checksum fails with Python 3.10 and later.
                    snappy.snappy._crc32c = crcmod.predefined.mkPredefinedCrcFun("crc-32c")
                    packed = snappy.StreamCompressor().compress(block)
                    header(0x4c4d5641, 2, len(block))
                    out.write(packed + struct.pack("<Q", len(packed)))
                start += len(block)
        """;

    private const string Reader = """
        import pathlib, sys
        from volatility3.framework import contexts
        from volatility3.framework.layers import avml, lime, physical
        context = contexts.Context()
        context.config["file.location"] = pathlib.Path(sys.argv[1]).as_uri()
        context.add_layer(physical.FileLayer(context, "file", "file"))
        context.config["memory.base_layer"] = "file"
        layer = {"lime": lime.LimeLayer, "avml": avml.AVMLLayer}[sys.argv[2]](context, "memory", "memory")
        context.add_layer(layer)
        for line in open(sys.argv[3]):
            address = int(line, 16)
            print(layer.read(address, 32).hex() if layer.is_valid(address, 32) else "absent")
        """;

    /// <summary>Writes a raw image as <c>lime</c> or <c>avml</c>.</summary>
    public static void Write(string raw, string target, ulong start, string kind)
    {
        ToolResult made = Tools.Run(Tools.SnappyPython!, "-c", Writer, raw, target, $"0x{start:x}", kind);
        if (made.ExitCode != 0)
        {
            throw new IOException(made.Errors);
        }
    }

    /// <summary>32 bytes at each address in hex, or "absent", as Volatility 3 reads them.</summary>
    public static string[] Read(string file, string kind, TempFolder folder, IEnumerable<ulong> addresses)
    {
        string list = folder.Write("addresses.txt", string.Join('\n', addresses.Select(a => $"{a:x}")));
        ToolResult read = Tools.Run(Tools.VolatilityPython!, "-c", Reader, file, kind, list);
        return read.ExitCode == 0 ? read.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries) : throw new IOException(read.Errors);
    }
}
