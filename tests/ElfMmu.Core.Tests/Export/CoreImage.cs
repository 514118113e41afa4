using ElfMmu.Elf;

namespace ElfMmu.Tests.Export;

/// <summary>A core as a debugger sees it: bytes at virtual addresses.</summary>
internal sealed class CoreImage : IDisposable
{
    private readonly ElfFileInput _input;

    public CoreImage(string path)
    {
        _input = new ElfFileInput(path);
        Reader = ElfReader.Open(_input);
        Headers = Reader.ReadProgramHeaders();
        Loads = [.. Headers.Where(h => h.Type == ElfSegmentType.Load)];
    }

    public ElfReader Reader { get; }

    public ElfProgramHeader[] Headers { get; }

    public ElfProgramHeader[] Loads { get; }

    /// <summary>Reads bytes that lie in one segment; null where there is none.</summary>
    public byte[]? Read(ulong address, int size)
    {
        int index = Array.FindIndex(Loads, l => address >= l.VirtualAddress && address - l.VirtualAddress < l.MemorySize);
        if (index < 0)
        {
            return null;
        }

        byte[] bytes = new byte[size];
        _input.Read(Loads[index].Offset + (address - Loads[index].VirtualAddress), bytes);
        return bytes;
    }

    public void Dispose() => _input.Dispose();
}
