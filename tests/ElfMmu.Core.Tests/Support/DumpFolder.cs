using System.IO.Compression;

namespace ElfMmu.Tests.Support;

/// <summary>
/// A dump with its files unpacked, so that others can read them: one of the repository's, which goes away again, or a big one.
/// </summary>
internal sealed class DumpFolder : IDisposable
{
    private readonly TempFolder? _unpacked;

    public DumpFolder(string name)
    {
        Name = name;
        string packed = System.IO.Path.Combine(TestData.Folder, name);
        if (!Directory.Exists(packed))
        {
            string? laboratory = AllDumpData.LaboratoryFolder is { } all ? System.IO.Path.Combine(all, name) : null;
            Path = Directory.Exists(laboratory) ? laboratory : BigDumps.Folder(name);
            return;
        }

        _unpacked = new TempFolder();
        Path = _unpacked.Path;
        foreach (string file in Directory.EnumerateFiles(packed))
        {
            if (!file.EndsWith(".gz", StringComparison.Ordinal))
            {
                string text = System.IO.File.ReadAllText(file).Replace("raw.bin.gz", "raw.bin", StringComparison.Ordinal);
                _unpacked.Write(System.IO.Path.GetFileName(file), text);
                continue;
            }

            using var gzip = new GZipStream(System.IO.File.OpenRead(file), CompressionMode.Decompress);
            using FileStream plain = System.IO.File.Create(File(System.IO.Path.GetFileNameWithoutExtension(file)));
            gzip.CopyTo(plain);
        }
    }

    public string Name { get; }

    public string Path { get; }

    /// <summary>QEMU's answers when the dump was made, by the name of the list; empty where it wasn't asked.</summary>
    public List<(ulong Virtual, ulong? Physical)> Answers(string list) =>
        System.IO.File.Exists(File(list)) ? QemuWalk.Gva2Gpa(File(list)) : [];

    /// <summary>Addresses at which QEMU or the guest's design has something.</summary>
    public ulong[] Known() =>
    [
        .. new[] { "gva2gpa.txt", "gva2gpa_kernel.txt" }.SelectMany(Answers).Where(a => a.Physical != null).Select(a => a.Virtual)
            .Concat(System.IO.File.Exists(File("truth.txt")) ? TruthLine.Read(Name).Select(l => l.Address) : []).Distinct(),
    ];

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => _unpacked?.Dispose();
}
