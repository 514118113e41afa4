using System.Buffers.Binary;
using System.Text;
using ElfMmu.Dumps;
using ElfMmu.Memory;

namespace ElfMmu.Benchmarks;

/// <summary>
/// Raw images to look for roots in: a real dump of Linux first, then what memory has beside page tables. What isn't from this machine's
/// own files comes from one seed.
/// </summary>
internal sealed class RootImage : IDisposable
{
    private const int MiB = 1 << 20;
    private const int PageSize = 4096;
    private const int MostPages = 256;

    private static readonly byte[] Words = Encoding.ASCII.GetBytes(
        "static int __init probe(struct device *dev) { return dev ? 0 : -ENODEV; } /usr/lib/modules/kernel.ko\n");

    private readonly Random _random = new(2026);
    private readonly byte[] _noise = new byte[16 * MiB];
    private readonly byte[] _piece = new byte[MostPages * PageSize];
    private readonly FileStream[] _binaries;
    private readonly FileStream _file;

    private RootImage(string path)
    {
        _file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, 0);
        _random.NextBytes(_noise);
        _binaries =
        [
            .. Directory.GetFiles(Path.GetDirectoryName(typeof(object).Assembly.Location)!)
                .Where(f => new FileInfo(f).Length >= MiB).Order(StringComparer.Ordinal).Select(File.OpenRead),
        ];
    }

    /// <summary>Writes an image without holes.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="size">Its size in bytes, a multiple of 4 KiB.</param>
    /// <param name="folder">For what has to be unpacked.</param>
    public static void WriteFull(string path, long size, string folder)
    {
        using var image = new RootImage(path);
        image.Fill(image.CopyDump(folder), size);
    }

    /// <summary>
    /// Writes a sparse image of 16 GiB: the dump, a page of data in each MiB up to 4 GiB and in each 128 KiB up to 5 GiB, then islands of
    /// up to 4 MiB, and holes between all of them.
    /// </summary>
    public static void WriteSparse(string path, string folder)
    {
        using var image = new RootImage(path);
        long start = image.CopyDump(folder);
        image._file.SetLength(16L << 30);
        for (long at = start + MiB; at < 5L << 30; at += at < 4L << 30 ? MiB : MiB / 8)
        {
            image._file.Position = at;
            image.Write(image._noise.AsSpan(image._random.Next(image._noise.Length - PageSize), PageSize));
        }

        for (long at = 6L << 30; at < 16L << 30; at += 256 * MiB)
        {
            image.Fill(at, at + ((1 + image._random.Next(1024)) * PageSize));
        }
    }

    public void Dispose()
    {
        foreach (FileStream binary in _binaries)
        {
            binary.Dispose();
        }

        _file.Dispose();
    }

    /// <summary>Copies the dump's RAM below 1 GiB and gives where it ends.</summary>
    private long CopyDump(string folder)
    {
        using MemoryDump dump = MemoryDump.Open(Dump(folder));
        long end = 0;
        foreach (PhysicalRun run in dump.Memory.Runs.Where(r => r.Last < 1 << 30))
        {
            byte[] bytes = new byte[(int)run.Size];
            run.Source.Read(run.Offset, bytes);
            _file.Position = (long)run.Start;
            Write(bytes);
            end = Math.Max(end, (long)run.Last + 1);
        }

        return end;
    }

    /// <summary>The largest dump of Linux there is.</summary>
    private static string Dump(string folder)
    {
        const string Name = "linux-x64-128m";
        string archive = Path.Combine(Environment.GetEnvironmentVariable("ELFMMU_DUMPS") ?? "", Name + ".tar.xz");
        if (File.Exists(archive))
        {
            string unpacked = Path.Combine(folder, Name, "raw.bin");
            if (!File.Exists(unpacked))
            {
                Timing.Run("tar", "-xf", archive, "-C", folder, Name + "/raw.bin");
            }

            return unpacked;
        }

        for (string? at = AppContext.BaseDirectory; at != null; at = Path.GetDirectoryName(at))
        {
            string sample = Path.Combine(at, "samples", "linux-x64-tiny.elf.gz");
            if (File.Exists(sample))
            {
                return sample;
            }
        }

        throw new FileNotFoundException("There is neither samples/linux-x64-tiny.elf.gz nor a folder of dumps that ELFMMU_DUMPS names.");
    }

    /// <summary>Pieces of 1 to 256 pages: a third zeros; the rest noise, text, parts of programs, pointers and small numbers.</summary>
    private void Fill(long from, long to)
    {
        _file.Position = from;
        while (_file.Position < to)
        {
            long left = (to - _file.Position) / PageSize;
            Span<byte> piece = _piece.AsSpan(0, (int)Math.Min(left, 1 << _random.Next(9)) * PageSize);
            Make(piece);
            Write(piece);
        }
    }

    private void Make(Span<byte> piece)
    {
        switch (_random.Next(9))
        {
            case 0 or 1 or 2:
                piece.Clear();
                break;
            case 3 or 4:
                _noise.AsSpan(_random.Next(_noise.Length - piece.Length), piece.Length).CopyTo(piece);
                break;
            case 5:
                for (int i = 0; i < piece.Length; i++)
                {
                    piece[i] = Words[i % Words.Length];
                }

                break;
            case 6 or 7:
                FileStream binary = _binaries[_random.Next(_binaries.Length)];
                binary.Position = _random.NextInt64(Math.Max(1, (binary.Length - piece.Length) / PageSize)) * PageSize;
                piece[binary.ReadAtLeast(piece, piece.Length, throwOnEndOfStream: false)..].Clear();
                break;
            default:
                bool pointers = _random.Next(2) == 0;
                for (int i = 0; i < piece.Length; i += 8)
                {
                    long value = _random.Next(4) == 0 ? 0
                        : pointers ? unchecked((long)0xffff_8880_0000_0000) + (_random.Next() & ~7)
                        : _random.Next(1000);
                    BinaryPrimitives.WriteInt64LittleEndian(piece[i..], value);
                }

                break;
        }
    }

    private void Write(ReadOnlySpan<byte> bytes) => _file.Write(bytes);
}
