namespace ElfMmu.Elf.Writing;

/// <summary>Bytes of a model: in memory, or still in the input they were found in.</summary>
internal readonly struct ElfContent
{
    private readonly IElfInput? _input;
    private readonly ulong _offset;

    public ElfContent(ReadOnlyMemory<byte> memory)
    {
        Memory = memory;
        Length = (ulong)memory.Length;
    }

    public ElfContent(IElfInput input, ulong offset, ulong length)
    {
        _input = input;
        _offset = offset;
        Length = length;
    }

    public ulong Length { get; }

    public bool IsLoaded => _input is null;

    public ReadOnlyMemory<byte> Memory { get; }

    public byte[] ToArray()
    {
        byte[] bytes = new byte[Length];
        Read(0, bytes);
        return bytes;
    }

    public ElfContent Slice(ulong at, ulong length) => _input is null
        ? new ElfContent(Memory.Slice((int)at, (int)length))
        : new ElfContent(_input, _offset + at, length);

    public void Read(ulong at, Span<byte> destination)
    {
        if (_input is null)
        {
            Memory.Span.Slice((int)at, destination.Length).CopyTo(destination);
        }
        else
        {
            _input.Read(_offset + at, destination);
        }
    }

    /// <summary>Whether this at an offset and the other at another are the same bytes of the same input, which needn't be compared.</summary>
    public bool IsSameInput(ulong at, in ElfContent other, ulong otherAt) =>
        _input is not null && ReferenceEquals(_input, other._input) && _offset - at == other._offset - otherAt;
}
