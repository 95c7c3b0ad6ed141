-- Writes the pictures that lie inside a document before its page, and has the page call them by their numbers.
-- An option of pandoc that puts pictures into pages would also fetch those that lie elsewhere.
local numbers, count = {}, 0

function Image(image)
  local kind, data = pandoc.mediabag.lookup(image.src)
  if kind and kind:match('^image/[%w.+-]+$') then
    if not numbers[image.src] then
      count = count + 1
      numbers[image.src] = count
      io.stdout:write('picture ', kind, ' ', #data, '\n', data)
      io.stdout:flush()
    end
    image.src = 'cid:' .. numbers[image.src]
  end
  return image
end

-- Without a title of its own a page would be called by the name of its file, which may be one of ours.
function Meta(meta)
  meta.pagetitle = meta.title or ' '
  return meta
end
