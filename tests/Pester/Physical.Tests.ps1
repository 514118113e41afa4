# From physical addresses and offsets in files back to virtual addresses.

BeforeAll {
    . $PSScriptRoot/Common.ps1
    $sample = Get-SampleDump

    # Two spaces of one image: both have the kernel's page and share one of the user's, at other addresses; one has it twice.
    $first = New-PageTable @(
        @{ Virtual = 0x400000ul; Physical = 0x1e000; Flags = 5 }
        @{ Virtual = 0x401000ul; Physical = 0x1f000; Flags = 0x8000000000000007ul }
        @{ Virtual = 0x7ff000ul; Physical = 0x1e000; Flags = 0x8000000000000007ul }
        @{ Virtual = 0xffff888000000000ul; Physical = 0x1e000; Flags = 0x8000000000000003ul })
    $second = New-PageTable -Root 0x10000 @(
        @{ Virtual = 0x500000ul; Physical = 0x1e000; Flags = 5 }
        @{ Virtual = 0xffff888000000000ul; Physical = 0x1e000; Flags = 0x8000000000000003ul })
    $words = [System.Collections.Generic.Dictionary[ulong, ulong]]$first
    foreach ($offset in $second.Keys) { $words[$offset] = $second[$offset] }
    $two = New-RawDump "$TestDrive/two.bin" 128kb $words
    $space = @{ Root = 0x1000ul; Mode = 'ia32e' }
    $known = 0x400000ul, 0x7ff000ul, 0xffff888000000000ul

    # A root as a search would give it.
    function New-Root([ulong]$Root, [string]$Path = $two) {
        [ElfMmu.Discovery.PageTableRoot]@{
            Dump = [ElfMmu.Dumps.DumpIdentity]::Of($Path, [ElfMmu.Dumps.DumpOptions]@{ RamBase = 0ul })
            Mode = Get-PagingMode ia32e; Root = $Root; RamBase = 0ul; Score = 0.9
        }
    }

    function Get-Said([scriptblock]$Script, [string]$Kind) {
        & $Script *>&1 | Where-Object { $_.GetType().Name -eq "${Kind}Record" } | ForEach-Object ToString
    }
}

Describe 'Resolve-PhysicalAddress' {
    It 'gives every virtual address of a byte, in ascending order' {
        (Resolve-PhysicalAddress $two 0x1e000 @space).VirtualAddress | Should -Be $known
        (Resolve-PhysicalAddress $two 0x1e123 @space).VirtualAddress | Should -Be ($known | ForEach-Object { $_ + 0x123ul })
        (Resolve-PhysicalAddress $two 0x1ffff @space).VirtualAddress | Should -Be 0x401ffful
    }

    It 'says all there is to say about each' {
        $found = (Resolve-PhysicalAddress $two 0x1e010 @space)[0]
        $found | Should -BeOfType ElfMmu.Spaces.ResolvedAddress
        $found.PhysicalAddress | Should -Be 0x1e010ul
        $found.PhysicalAddress | Should -BeOfType [ulong]
        $found.FileOffset | Should -Be 0x1e010ul
        $found.File | Should -Be $two
        $found.PageSize | Should -Be 4kb
        $found.UserRights | Should -Be 'r-x'
        $found.Status | Should -Be 'Mapped'
        $found.Root | Should -Be 0x1000ul
        $found.Space.Dump.Path | Should -Be $two
    }

    It 'takes addresses as they are typed, and from the pipeline' {
        (Resolve-PhysicalAddress $two 0x1e000, '0x1_f000' @space).VirtualAddress | Should -Be ($known + 0x401000ul)
        (0x1f000, 0x1e000 | Resolve-PhysicalAddress $two @space).VirtualAddress | Should -Be (@(0x401000ul) + $known)
        ([pscustomobject]@{ PhysicalAddress = 0x1f000 } | Resolve-PhysicalAddress $two @space).VirtualAddress | Should -Be 0x401000ul
    }

    It 'takes address and space of objects that other cmdlets emit' {
        (Get-PageTableMapping $two @space -MaximumAddress 0x401000 | Resolve-PhysicalAddress).VirtualAddress |
            Should -Be ($known + 0x401000ul)
        # Three cmdlets, and back at the start.
        (Get-PageTableMapping $two @space -MaximumAddress 0x400fff | Resolve-PhysicalAddress | Resolve-PhysicalAddress).VirtualAddress |
            Should -Be ($known * 3)
    }

    It 'looks in every root that is given, one after the other' {
        $found = Resolve-PhysicalAddress (New-Root 0x10000), (New-Root 0x1000) 0x1e000
        $found.Root | Should -Be 0x10000ul, 0x10000ul, 0x1000ul, 0x1000ul, 0x1000ul
        $found.VirtualAddress | Should -Be (@(0x500000ul, 0xffff888000000000ul) + $known)
    }

    It 'gives nothing for what nothing maps, and says so only when asked' {
        Resolve-PhysicalAddress $two 0x1000 @space | Should -BeNullOrEmpty
        Get-ErrorOf { Resolve-PhysicalAddress $two 0x1000 @space } | Should -BeNullOrEmpty
        Get-Said { Resolve-PhysicalAddress $two 0x1000, 0x1e000 @space } Warning | Should -BeNullOrEmpty
        Get-Said { Resolve-PhysicalAddress $two 0x1000, 0x1e000 @space -Verbose } Verbose | Where-Object { $_ -like 'No virtual*' } |
            Should -Be 'No virtual address leads to physical address 0x1000.'
    }

    It 'is exactly what walking every page says, in every space of the sample' {
        $roots = Find-PageTableRoot $sample
        $roots.Count | Should -BeGreaterThan 4
        $pages = 0x1f60000ul, 0x1f61000ul, 0x17a6000ul, 0x904000ul, 0x1000ul, 0xfee00000ul
        $expected = foreach ($page in $pages) {
            foreach ($root in $roots) {
                $root | Get-PageTableMapping -IncludeAbsent |
                    Where-Object { $_.PhysicalAddress -le $page -and $page - $_.PhysicalAddress -lt $_.Size } |
                    ForEach-Object { "$page $($_.Root) $($_.VirtualAddress + ($page - $_.PhysicalAddress))" }
            }
        }

        $actual = Resolve-PhysicalAddress $sample $pages -AllRoots | ForEach-Object { "$($_.PhysicalAddress) $($_.Root) $($_.VirtualAddress)" }
        $actual | Sort-Object | Should -Be ($expected | Sort-Object)
        @($actual).Count | Should -BeGreaterThan 20
    }

    It 'finds who else uses the memory of an object' {
        $mine = Get-PageTableMapping $sample -Privilege User -MaximumCount 1
        $found = $mine | Resolve-PhysicalAddress -AllRoots | Where-Object UserRights -NE '---'
        $found.Root | Should -Contain 0x942000ul
        $found.VirtualAddress | Select-Object -Unique | Should -Be $mine.VirtualAddress
        $found | Should -HaveCount 5
    }
}

Describe 'Pipelines with Resolve-PhysicalAddress' {
    It 'of four cmdlets read the same bytes wherever a page is mapped' {
        $bytes = Find-PageTableRoot $sample -Top 2 | Get-PageTableMapping -Privilege User -MaximumCount 1 |
            Resolve-PhysicalAddress -AllRoots | Read-VirtualMemory -Length 8 | ForEach-Object { , [Convert]::ToHexString($_) }
        $bytes.Count | Should -BeGreaterThan 20
        @($bytes | Select-Object -Unique) | Should -HaveCount 1
    }

    It 'share an open dump' {
        $dump = Open-MemoryDump $sample
        try {
            $found = Get-PageTableMapping $dump -Privilege User -MaximumCount 3 | Resolve-PhysicalAddress -AllRoots | Resolve-PhysicalAddress $dump
            $found.Root | Select-Object -Unique | Should -Be 0x904000ul
            ($dump | Compare-PageTableMapping $dump -Privilege User) | Should -BeNullOrEmpty
            Compare-PageTableMapping $dump -DifferenceRoot 0x942000 -Privilege User | Where-Object Change -EQ Moved |
                Resolve-PhysicalAddress $dump -Root 0x942000 | Where-Object UserRights -EQ 'rw-' | Should -Not -BeNullOrEmpty
        }
        finally {
            Close-MemoryDump $dump
        }

        (Get-ErrorOf { Resolve-PhysicalAddress $dump 0x1f60000 }).FullyQualifiedErrorId | Should -BeLike 'DumpClosed,*'
    }
}

Describe 'Offsets in files' {
    It 'lead to the same as the addresses they are of' {
        $all = Resolve-PhysicalAddress $sample 0x1f60000 -AllRoots
        $offset = $all[0].FileOffset
        $offset | Should -Not -Be 0x1f60000ul
        (Resolve-PhysicalAddress $sample -FileOffset $offset -AllRoots | ForEach-Object ToString) |
            Should -Be ($all | ForEach-Object ToString)
        (Resolve-PhysicalAddress $sample -FileOffset $offset -File linux.elf).VirtualAddress | Should -Contain 0x401000ul
        (Resolve-PhysicalAddress $sample -FileOffset $offset -File $sample).VirtualAddress | Should -Contain 0x401000ul
    }

    It 'of headers are no memory''s' {
        Resolve-PhysicalAddress $sample -FileOffset 0 | Should -BeNullOrEmpty
        Get-Said { Resolve-PhysicalAddress $sample -FileOffset 0 -Verbose } Verbose | Where-Object { $_ -like 'No virtual*' } |
            Should -Be 'No virtual address leads to the byte at offset 0x0 of the file.'
    }

    It 'need the name of the file where the memory is in several' {
        $folder = (New-Item -ItemType Directory "$TestDrive/pieces").FullName
        $bytes = [IO.File]::ReadAllBytes($two)
        [IO.File]::WriteAllBytes("$folder/low.bin", $bytes[0..0x17fff])
        [IO.File]::WriteAllBytes("$folder/high.bin", $bytes[0x18000..0x1ffff])
        [IO.File]::WriteAllText("$folder/machine.yaml", @'
cpu:
  architecture: intel
  endianness: little
  bits: 64
  registers_values:
    cr3: 0x1000
mmu:
  mode: ia64
memspace:
  ram:
    - start: 0x0
      end: 0x17fff
      dumpfile: low.bin
    - start: 0x18000
      end: 0x1ffff
      dumpfile: high.bin
'@)
        (Resolve-PhysicalAddress "$folder/machine.yaml" -FileOffset 0x6000 -File high.bin).VirtualAddress | Should -Be $known
        Push-Location $folder
        (Resolve-PhysicalAddress machine.yaml -FileOffset 0x6000 -File ./high.bin).VirtualAddress | Should -Be $known
        Pop-Location
        (Get-ErrorOf { Resolve-PhysicalAddress "$folder/machine.yaml" -FileOffset 0x6000 }).FullyQualifiedErrorId | Should -BeLike 'FileAmbiguous,*'
        (Get-ErrorOf { Resolve-PhysicalAddress "$folder/machine.yaml" -FileOffset 0 -File else.bin }).FullyQualifiedErrorId |
            Should -BeLike 'FileNotOfDump,*'
    }
}

Describe 'What Resolve-PhysicalAddress can''t do' {
    It 'is the error <Id>' -ForEach @(
        @{ Id = 'AddressRequired'; Script = { Resolve-PhysicalAddress $two @space } }
        @{ Id = 'AddressRequired'; Script = { Resolve-PhysicalAddress $two 1 @space -FileOffset 1 } }
        @{ Id = 'FileNotFound'; Script = { Resolve-PhysicalAddress "$TestDrive/none.bin" 1 } }
        @{ Id = 'RootConflict'; Script = { Resolve-PhysicalAddress $two 1 @space -AllRoots } }
        @{ Id = 'ModeRequired'; Script = { Resolve-PhysicalAddress $two 1 -Root 0x1000 } }
        @{ Id = 'ParameterArgumentTransformationError'; Script = { Resolve-PhysicalAddress $two 'x' @space } }) {
        $errors = @(Get-ErrorOf $Script)
        $errors | Should -HaveCount 1
        $errors[0].FullyQualifiedErrorId | Should -BeLike "$Id,$commands.ResolvePhysicalAddressCommand"
    }

    It 'keeps no other address back' {
        $found = 'x', 0x1f000 | Resolve-PhysicalAddress $two @space -ErrorAction SilentlyContinue
        $found.VirtualAddress | Should -Be 0x401000ul
    }
}
