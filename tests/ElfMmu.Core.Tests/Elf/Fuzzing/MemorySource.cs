using ElfMmu.Elf;

namespace ElfMmu.Tests.Elf.Fuzzing;

/// <summary>A file that lies in memory.</summary>
internal sealed class MemorySource(byte[] bytes, string name = "mutated") : IElfSource
{
    public string Path => name;

    public ElfFile OpenElf(CancellationToken cancellation = default) => ElfFile.Open(new ElfMemoryInput(bytes, name), this);
}
